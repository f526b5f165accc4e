import helmet from 'helmet';

const NONE = ["'none'"];
const OWN = ["'self'"];

/**
 * The usual security headers, and a Content-Security-Policy under which a page loads only what this server has. It is made
 * for Swagger UI, which writes style attributes and has its icons in its style sheet; the console has a stricter one.
 */
export const securityHeaders = helmet({
  contentSecurityPolicy: {
    // The defaults let styles and fonts come from anywhere. Whether there is TLS is for the proxy before us to say:
    // without it, upgrading requests would break /docs.
    useDefaults: false,
    directives: {
      defaultSrc: NONE,
      scriptSrc: OWN,
      styleSrc: [...OWN, "'unsafe-inline'"],
      imgSrc: [...OWN, 'data:'],
      connectSrc: OWN,
      baseUri: NONE,
      formAction: NONE,
      frameAncestors: NONE,
    },
  },
});
