import { createRequire } from 'node:module';
import { dirname } from 'node:path';

import { type RequestHandler, Router, static as serveStatic } from 'express';

import { nameRoute } from '../http/route-name.ts';

/** Only its files are wanted: importing the package would load the whole of Swagger UI into this process. */
const SWAGGER_UI = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Automation service API</title>
    <link rel="icon" href="/docs/favicon-32x32.png">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

/** A file of its own, since the Content-Security-Policy allows no script in the page. */
const START = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  validatorUrl: null,
});
`;

const FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

/** `/docs`: the OpenAPI document for people, by Swagger UI, and nothing loaded from elsewhere. */
export function docsRouter(): Router {
  const router = Router();
  const named = nameRoute('/docs');
  router.get('/', named, text('html', PAGE));
  router.get('/start.js', named, text('js', START));
  router.get(
    FILES.map((file) => `/${file}`),
    named,
    serveStatic(SWAGGER_UI, { maxAge: '1d', acceptRanges: false }),
  );
  return router;
}

function text(type: string, body: string): RequestHandler {
  return (_request, response) => {
    response.type(type).send(body);
  };
}
