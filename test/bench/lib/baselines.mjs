// Servers that do nothing but answer the same bytes: what HTTP alone costs here and now. Started by duck.mjs:
// node lib/baselines.mjs express|http BYTES prints its port.
import { createServer } from 'node:http';
import express from 'express';

const [kind, bytes] = process.argv.slice(2);
const body = 'x'.repeat(Number(bytes));

function onExpress() {
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.get('/v1/s3/:account/buckets/:bucket/duck', (_req, res) => {
    res.type('application/octet-stream').send(Buffer.from(body));
  });
  return app;
}

const onHttp = (_req, res) => {
  res.setHeader('content-type', 'application/octet-stream');
  res.end(body);
};

const server = createServer(kind === 'express' ? onExpress() : onHttp);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
