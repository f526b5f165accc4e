import { now, parseAbsolute, type ZonedDateTime } from '@internationalized/date';
import { DateField, DateInput, DateSegment, Label } from 'react-aria-components';

import { Button } from '../components/button.tsx';
import { FieldHelp } from '../components/field-help.tsx';
import field from '../components/field.module.css';
import { CloseIcon } from '../components/icons.tsx';
import type { EditorProps } from '../components/editor-props.ts';
import styles from './instant-field.module.css';
import { instantText, knownZone } from './instant-text.ts';

interface InstantFieldProps extends EditorProps {
  /** In whose clocks it is written. */
  timezone: string;
}

/** A date and a time by the clocks of a time zone; the value is the instant in RFC 3339, empty for none. */
export function InstantField(props: InstantFieldProps) {
  const { label, description, value, onChange, error, autoFocus, timezone } = props;
  const zone = knownZone(timezone);
  return (
    <DateField<ZonedDateTime>
      className={field.field}
      value={value === '' ? null : parseAbsolute(value, zone)}
      onChange={(chosen) => onChange(chosen === null ? '' : instantText(chosen.toDate()))}
      placeholderValue={now(zone).set({ second: 0, millisecond: 0 })}
      granularity="second"
      hourCycle={24}
      autoFocus={autoFocus}
      isInvalid={error !== undefined}
    >
      <Label className={field.label}>{label}</Label>
      <div className={styles.line}>
        <DateInput className={`${field.input} ${styles.input}`}>
          {(segment) => <DateSegment segment={segment} className={styles.segment} />}
        </DateInput>
        {value !== '' && (
          <Button variant="quiet" isIcon aria-label={`Clear ${label}`} onPress={() => onChange('')}>
            <CloseIcon />
          </Button>
        )}
      </div>
      <FieldHelp description={description} error={error} />
    </DateField>
  );
}
