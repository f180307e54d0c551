import { setUpTests } from './setUp';

setUpTests('bookworm', 'operator', 'certbot');
