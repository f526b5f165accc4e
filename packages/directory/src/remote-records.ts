import { AppError } from '@automation/domain';
import type { Logger } from '@automation/service-kit';
import type Joi from 'joi';

import { AnswerMemory } from './answer-memory.ts';
import { type ServiceAddress, ServiceClient } from './service-client.ts';

/** An external service, which is named after what it keeps. */
export interface RemoteService extends ServiceAddress {
  logger: Logger;
}

export interface RecordsOptions<T> extends RemoteService {
  /** What the service keeps, which is also its path: `accounts`, `functions`. */
  name: string;
  /** What a record has to look like; `$id` and `$accountId` are what was asked for. */
  schema: Joi.ObjectSchema<T>;
}

/** A record is asked for by its id, and by its account if it belongs to one. */
export interface RecordKey {
  id: string;
  accountId?: string;
}

/** What can stand in a path and in a header, and is not taken for another path. Nothing else is an id of anything. */
const ID = /^(?!\.{1,2}$)[\x21-\x7e]{1,128}$/;

/**
 * The records of an external service, which are kept for a while. Whatever it answers but 404 and a record as agreed counts
 * as being down (SPEC 5).
 */
export class RemoteRecords<T extends object> {
  readonly #options: RecordsOptions<T>;
  readonly #client: ServiceClient;
  readonly #memory = new AnswerMemory<T>();

  constructor(options: RecordsOptions<T>) {
    this.#options = options;
    this.#client = new ServiceClient(options);
  }

  /** The record of that key, if there is one. Throws UNAVAILABLE. */
  async find(key: RecordKey): Promise<T | undefined> {
    if (!ID.test(key.id)) return undefined;
    return this.#memory.find(`${key.accountId ?? ''}\n${key.id}`, () => this.#ask(key));
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async #ask(key: RecordKey): Promise<T | undefined> {
    const { name, logger } = this.#options;
    const path = `/${name}/${encodeURIComponent(key.id)}`;
    const headers = key.accountId === undefined ? {} : { 'x-automation-account': key.accountId };
    try {
      const answer = await this.#client.get(path, headers);
      return answer === undefined ? undefined : this.#read(answer, key);
    } catch (error) {
      logger.warn(`the ${name} service does not answer as agreed`, { path, error });
      throw new AppError('UNAVAILABLE', `the ${name} service is not available, try again`, { cause: error });
    }
  }

  #read(answer: unknown, key: RecordKey): T {
    const result = this.#options.schema.validate(answer, {
      context: key,
      convert: false,
      errors: { wrap: { label: false } },
      messages: { 'any.only': '{{#label}} is not the one that was asked for' },
    });
    if (result.error) throw new Error(`answered 200 with a wrong record: ${result.error.message}`);
    return result.value;
  }
}
