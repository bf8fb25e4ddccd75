import { peerSuite } from './peer-suite.js';

// Community edition, with functions run by the test's own executor: not stock LocalStack. See endpoints/launch_localstack.py.
peerSuite('localstack', 'LocalStack 4.14.0');
