/**
 * A process of its own that does what the extension host does: it runs the product against servers that lie. Whoever plays them is
 * elsewhere, so that their work is not measured. Started by `ClientProcess`.
 */
import { answer, type Questions, watchStrays } from './answering';

watchStrays();
process.on('message', (questions: Questions) => {
  answer(questions).then(
    reply => process.send!(reply),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit());
process.send!('ready');
