import { peerSuite } from './peer-suite.js';

// With deliveries from subscription filters to Kinesis added: see endpoints/launch_ministack.py.
peerSuite('ministack', 'MiniStack 1.5.33');
