import { contentSecurityPolicy } from 'helmet';

const NONE = ["'none'"];
const OWN = ["'self'"];

/** The console's Content-Security-Policy: files of this server and nothing else, and no script or style inside of the page. */
export const consoleSecurityPolicy = contentSecurityPolicy({
  useDefaults: false,
  directives: {
    defaultSrc: NONE,
    scriptSrc: OWN,
    styleSrc: OWN,
    imgSrc: [...OWN, 'data:'],
    connectSrc: OWN,
    fontSrc: OWN,
    baseUri: NONE,
    formAction: NONE,
    frameAncestors: NONE,
  },
});
