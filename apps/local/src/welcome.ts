/** Runs a step of the start and says how long it took. */
export type Progress = <T>(what: string, step: () => Promise<T>) => Promise<T>;

/** Progress as lines on a stream. */
export function progressOn(stream: { write(text: string): unknown }): Progress {
  return async (what, step) => {
    const begin = performance.now();
    stream.write(`  starting ${what} …`);
    try {
      const result = await step();
      stream.write(` ${((performance.now() - begin) / 1_000).toFixed(1)} s\n`);
      return result;
    } catch (error) {
      stream.write(' failed\n');
      throw error;
    }
  };
}

export interface Welcome {
  url: string;
  apiKey: string;
  metricsPort: number;
  /** Which database it is. */
  database: string;
  functionNetwork: 'public' | 'private';
  /** Null without a demo. */
  demoFunctionId: string | null;
}

const NETWORKS = {
  private:
    'functions at private and local addresses are allowed (FUNCTION_NETWORK=private; in production: public)',
  public: 'functions at private and local addresses are refused (FUNCTION_NETWORK=public)',
};

/** The one screen that a new user needs: where everything is, the key, and a curl that works when pasted. */
export function printWelcome(welcome: Welcome): void {
  process.stdout.write(welcomeText(welcome));
}

export function welcomeText(welcome: Welcome): string {
  const { url, apiKey, metricsPort, database, functionNetwork } = welcome;
  const functionId = welcome.demoFunctionId ?? '<id of a function, see README>';
  return `
  Automation service is running. Ctrl-C stops it, its data is kept.

  Console     ${url}/console, where the API key below signs in
  API         ${url}
  Docs        ${url}/docs
  Metrics     http://127.0.0.1:${metricsPort}/metrics
  Database    ${database}
  API key     ${apiKey}
  Network     ${NETWORKS[functionNetwork]}

  Create a job, then watch it being checked and performed below:

  curl -X POST ${url}/automation/jobs \\
    -H 'Authorization: Bearer ${apiKey}' \\
    -H 'Content-Type: application/json' \\
    -d '{"function_id": "${functionId}", "name": "my job '$(date +%s)'", "schedule": "@every 3s"}'

`;
}
