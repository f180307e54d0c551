import { setUpTests } from './setUp';

setUpTests('trixie', 'debian', 'acme.sh');
