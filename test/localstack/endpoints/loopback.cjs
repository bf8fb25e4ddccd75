// Preloaded into kinesis-local, which listens on every interface: every server of the process is bound to loopback.
const { Server } = require('node:net');

const { listen } = Server.prototype;
Server.prototype.listen = function (...given) {
  const [first] = given;
  if (typeof first === 'object' && first?.port !== undefined && first.path === undefined) {
    given[0] = { ...first, host: '127.0.0.1' };
  } else if (typeof first === 'number' || /^\d+$/.test(first)) {
    if (typeof given[1] === 'string') given[1] = '127.0.0.1';
    else given.splice(1, 0, '127.0.0.1');
  }
  return listen.apply(this, given);
};
