// kinesis-local listens on every address of the machine; loaded before it, this keeps each server of the process on loopback.
const { Server } = require('node:net');

const { listen } = Server.prototype;

Server.prototype.listen = function listenOnLoopback(...args) {
  const [first, second] = args;
  if (typeof first === 'object' && first !== null && 'port' in first) args[0] = { ...first, host: '127.0.0.1' };
  else if (typeof second === 'string') args[1] = '127.0.0.1';
  else args.splice(1, 0, '127.0.0.1');
  return listen.apply(this, args);
};
