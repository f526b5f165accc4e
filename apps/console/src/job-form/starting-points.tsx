import { Button } from '../components/button.tsx';
import styles from './starting-points.module.css';

const SCHEDULES = [
  ['Every 15 minutes', '*/15 * * * *'],
  ['Hourly', '@hourly'],
  ['Daily at 09:00', '0 9 * * *'],
  ['Weekdays at 09:00', '0 9 * * MON-FRI'],
  ['Last day of the month', '0 18 L * *'],
] as const;

/** Schedules to begin with, which show how one is written. */
export function StartingPoints({ onChoose }: { onChoose: (schedule: string) => void }) {
  return (
    <div className={styles.points} role="group" aria-label="Schedules to begin with">
      {SCHEDULES.map(([label, schedule]) => (
        <Button key={schedule} onPress={() => onChoose(schedule)}>
          {label}
        </Button>
      ))}
    </div>
  );
}
