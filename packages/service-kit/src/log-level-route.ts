import { BlockList } from 'node:net';
import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import Joi from 'joi';
import { logLevels, type LogLevel } from './log-event.ts';
import type { LogLevelSwitch } from './log-level-switch.ts';
import type { Logger } from './logger.ts';

export interface LogLevelOptions {
  readonly logLevel: LogLevelSwitch;
  readonly logger: Logger;
}

const change = Joi.object<{ level: LogLevel }>({
  level: Joi.string()
    .valid(...logLevels)
    .required(),
}).required();

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** `GET` and `PUT /log-level`: what the process writes, and `{"level": "debug"}` to change it until it ends. */
export function logLevelRoute({ logLevel, logger }: LogLevelOptions): Router {
  const answer = (response: Response) =>
    response.json({ level: logLevel.level, configured: logLevel.configured });
  const router = Router();
  router.use('/log-level', onlyFromThisMachine, express.json({ limit: '1kb', type: () => true }));
  router.get('/log-level', (_request, response) => {
    answer(response);
  });
  router.put('/log-level', (request: Request<unknown, unknown, unknown>, response) => {
    const asked = change.validate(request.body);
    if (asked.error !== undefined) {
      response.status(400).json({ error: asked.error.message });
      return;
    }
    logLevel.set(asked.value.level, logger);
    answer(response);
  });
  return router;
}

/** The port has no keys and may be open to a whole network, whose members are not all to fill our disks. */
const onlyFromThisMachine: RequestHandler = (
  { socket: { remoteAddress = '', remoteFamily } },
  response,
  next,
) => {
  if (loopback.check(remoteAddress, remoteFamily === 'IPv6' ? 'ipv6' : 'ipv4')) next();
  else response.status(403).json({ error: 'only from the machine itself' });
};
