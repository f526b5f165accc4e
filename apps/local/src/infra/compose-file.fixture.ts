import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { Ajv } from 'ajv';
import Joi from 'joi';
import { parse } from 'yaml';

const FILE = new URL('../../../../docker-compose.yml', import.meta.url);

export interface ComposeService {
  image: string;
  build?: { context: string; dockerfile: string; target: string };
  command?: string[];
  /** Null: the setting is handed on from where compose was started. */
  environment?: Record<string, string | null>;
  depends_on?: string[] | Record<string, { condition: string }>;
  ports?: string[];
  volumes?: string[];
  stop_grace_period?: string;
  deploy?: { replicas?: number; resources?: { limits: { memory: string } } };
}

const composeFile = Joi.object<{ services: Record<string, ComposeService> }>({
  services: Joi.object().pattern(Joi.string(), Joi.object({ image: Joi.string().required() }).unknown()),
}).unknown();

/** docker-compose.yml with its anchors resolved. */
export function readComposeFile(): { services: Record<string, ComposeService> } {
  return Joi.attempt(parse(readFileSync(FILE, 'utf8'), { merge: true }), composeFile);
}

/** What the schema of the Compose Specification, which dclint brings, finds wrong with the file. */
export function composeProblems(): string[] {
  const dclint = dirname(createRequire(import.meta.url).resolve('dclint/package.json'));
  const schema: unknown = JSON.parse(readFileSync(join(dclint, 'schemas', 'compose.schema.json'), 'utf8'));
  const validate = new Ajv({ strict: false, validateSchema: false, allErrors: true }).compile(Object(schema));
  validate(readComposeFile());
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
