/** A function as the api answers it, without its secret. */
export interface AutomationFunction {
  id: string;
  account_id: string;
  name: string;
  url: string;
  headers: Record<string, string>;
  timeout_seconds: number;
  created_at: string;
  updated_at: string;
}
