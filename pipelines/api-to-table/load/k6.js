// The load of 10 loops, for those who have k6: k6 run -e API_URL=https://… load/k6.js
// `pipectl e2e --demo api-to-table --events 5000 --rate 500/s` sends as much, and says where each order is.
import { check } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';

export const options = {
  vus: 10,
  duration: '30s',
  thresholds: { checks: ['rate>0.999'], http_req_duration: ['p(95)<500'] },
};

export default function () {
  const id = `k6-${exec.vu.idInTest}-${exec.vu.iterationInInstance}-${Date.now()}`;
  const order = JSON.stringify({ id, amount: 12.5, orderedAt: new Date().toISOString() });
  const answer = http.post(__ENV.API_URL, order, { headers: { 'content-type': 'application/json' } });
  check(answer, { 'status is 202': ({ status }) => status === 202, 'answers its id': (it) => it.json('id') === id });
}
