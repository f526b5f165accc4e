import { DEFAULT_TIMEOUT_SECONDS } from '@automation/domain';
import type { Logger } from '@automation/service-kit';
import Joi from 'joi';

import type { FunctionsServiceConfig } from './directory-keys.ts';
import type { FunctionDirectory, ListedFunction } from './function-directory.ts';
import { RemoteRecords, type RemoteService } from './remote-records.ts';

interface FunctionRecord {
  id: string;
  account_id: string;
  url: string;
  headers: Record<string, string>;
  timeout_seconds: number;
  secret: string;
}

/** As our own are made (Standard Webhooks). */
const SECRET = /^whsec_(?=.)(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const schema = Joi.object<FunctionRecord>({
  id: Joi.valid(Joi.ref('$id')).required(),
  account_id: Joi.valid(Joi.ref('$accountId')).required(),
  url: Joi.string()
    .uri({ scheme: ['http', 'https'] })
    .max(2_048)
    .required(),
  headers: Joi.object().pattern(Joi.string(), Joi.string().allow('').max(4_096)).max(50).default({}),
  timeout_seconds: Joi.number().integer().min(1).max(900).default(DEFAULT_TIMEOUT_SECONDS),
  secret: Joi.string()
    .pattern(SECRET)
    .required()
    // joi's own message repeats the value.
    .messages({ 'string.pattern.base': '{{#label}} is not whsec_ followed by base64' }),
})
  .required()
  .unknown();

/** Functions that an external service keeps: `GET /functions/{id}` with the account in `X-Automation-Account`. */
export class RemoteFunctions implements FunctionDirectory {
  readonly #records: RemoteRecords<FunctionRecord>;

  constructor(service: RemoteService) {
    this.#records = new RemoteRecords({ ...service, name: 'functions', schema });
  }

  async find(accountId: string, id: string): Promise<ListedFunction | undefined> {
    const record = await this.#records.find({ accountId, id });
    return record && toFunction(record);
  }

  close(): Promise<void> {
    return this.#records.close();
  }
}

function toFunction({ url, headers, timeout_seconds, secret }: FunctionRecord): ListedFunction {
  return {
    url,
    headers: inLowerCase(headers),
    timeoutSeconds: timeout_seconds,
    secrets: [secret],
  };
}

/** As the invocation's own are written, which take the place of those of the same name. */
function inLowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** The functions of FUNCTIONS_URL; null if it is not set. */
export function remoteFunctions(
  { FUNCTIONS_URL: url, FUNCTIONS_TOKEN: token }: FunctionsServiceConfig,
  logger: Logger,
): RemoteFunctions | null {
  return url === undefined ? null : new RemoteFunctions({ url, token, logger });
}
