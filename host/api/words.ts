/** The word for a number of the core, which numbers its enumerations without promising an order. */
export function wordOf<T extends string>(choices: Readonly<Record<T, number>>, number: number): T {
  return (Object.keys(choices) as T[]).find((word) => choices[word] === number) as T;
}
