/** What a table has under a name somebody wrote: nothing of what every object has, such as `constructor`. */
export const lookUp = <T>(
  table: Readonly<Record<string, T>>,
  name: string | undefined,
): T | undefined => (name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined);
