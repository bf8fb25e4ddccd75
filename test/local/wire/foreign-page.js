// What a foreign page tries, in the browser. The tests load it into a page and call these.

/** Follows a link. */
globalThis.follow = (url) => {
  const link = document.createElement('a');
  link.href = url;
  document.body.append(link);
  link.click();
};

/** Embeds every URL in every way; resolves with what loaded. Frames load their errors too, so they do not count. */
globalThis.embed = async (urls) => {
  const tags = { img: 'src', script: 'src', link: 'href', video: 'src', object: 'data', iframe: 'src' };
  const all = urls.flatMap((url) => Object.entries(tags).map(([tag, attribute]) => embedOne(url, tag, attribute)));
  return (await Promise.all(all)).filter((loaded) => loaded !== undefined);
};

function embedOne(url, tag, attribute) {
  return new Promise((resolve) => {
    const element = document.createElement(tag);
    if (tag === 'link') element.rel = 'stylesheet';
    element.onload = () => resolve(tag === 'iframe' || tag === 'object' ? undefined : `${tag} ${url}`);
    element.onerror = () => resolve(undefined);
    element.setAttribute(attribute, url);
    document.body.append(element);
  });
}

/** The documents of frames that this page may look into. */
globalThis.openFrames = () =>
  [...document.querySelectorAll('iframe, object')].filter((frame) => frame.contentDocument !== null).length;

/** Fetches all with and without CORS, sends beacons and opens a socket; resolves with every text that could be read. */
globalThis.ask = async (calls) => {
  const read = async (url, init) => {
    try {
      return await (await fetch(url, init)).text();
    } catch {
      return '';
    }
  };
  const texts = calls.flatMap(([url, init]) => [read(url, init), read(url, { ...init, mode: 'no-cors' })]);
  for (const [url, { body }] of calls) navigator.sendBeacon(url, body ?? '');
  const socket = new WebSocket(calls[0][0].replace('http', 'ws'));
  await new Promise((resolve) => {
    socket.onerror = resolve;
  });
  return (await Promise.all(texts)).filter((text) => text !== '');
};

globalThis.submit = (action, enctype, fields) => {
  const form = document.createElement('form');
  Object.assign(form, { method: 'post', action, enctype });
  for (const [name, value] of new URLSearchParams(fields)) {
    const input = document.createElement('input');
    Object.assign(input, { name, value });
    form.append(input);
  }
  document.body.append(form);
  HTMLFormElement.prototype.submit.call(form);
};
