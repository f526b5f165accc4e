import type { FunctionTest } from '../api/function-test.ts';
import { CodeView } from '../components/code-view.tsx';
import { Duration } from '../components/duration.tsx';
import { JsonView } from '../components/json-view.tsx';
import { Notice } from '../components/notice.tsx';
import { OutcomeMark } from '../components/outcome-mark.tsx';
import { attemptLook } from '../executions/attempt-look.ts';
import styles from './test-answer.module.css';
import type { TestCall } from './use-test-call.ts';

/** What stands in for the job's id in a test call. */
const TEST_JOB = 'test';

/** What a test call sent, and what came of it. */
export function TestAnswer({ call, answer }: { call: TestCall; answer: FunctionTest }) {
  const { outcome, text } = attemptLook(answer);
  const logs = answer.logs.join('\n');
  return (
    <div className={styles.answer}>
      <div className={styles.summary}>
        <OutcomeMark outcome={outcome} />
        <strong>{text}</strong>
        <span>
          in <Duration ms={answer.duration_ms} />
        </span>
      </div>
      {answer.error !== '' && <Notice tone="danger">{answer.error}</Notice>}
      <JsonView label="Request" value={{ ...call.payload, automation_job: TEST_JOB, phase: call.phase }} />
      <JsonView label="Response" value={answer.output} />
      {logs !== '' && <CodeView label="Logs" text={logs} isWrapped />}
    </div>
  );
}
