/** What is used of asciichart, which comes without types. */
declare module 'asciichart' {
  interface Options {
    readonly height?: number;
    readonly min?: number;
    readonly max?: number;
    readonly colors?: readonly string[];
    readonly format?: (value: number) => string;
  }
  const chart: {
    plot(series: readonly (readonly number[])[], options?: Options): string;
    readonly blue: string;
    readonly yellow: string;
  };
  export default chart;
}
