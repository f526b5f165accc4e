/** Migrates a database as the api does, whose modules take a second to load and are not needed where it is migrated already. */
export async function migrateAll(url: string): Promise<string[]> {
  const api = await import('@automation/api');
  return api.migrateAll(url);
}
