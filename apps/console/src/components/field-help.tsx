import type { ReactNode } from 'react';
import { FieldError, Text } from 'react-aria-components';

import field from './field.module.css';

interface FieldHelpProps {
  description: string | undefined;
  error: ReactNode;
}

/** What stands below a field: what is wrong with it, else what it is for. */
export function FieldHelp({ description, error }: FieldHelpProps) {
  return (
    <>
      {description !== undefined && error === undefined && (
        <Text slot="description" className={field.description}>
          {description}
        </Text>
      )}
      <FieldError className={field.error}>{error}</FieldError>
    </>
  );
}
