/** What is used of asciichart, which comes without types. */
declare module 'asciichart' {
  interface Options {
    readonly height?: number;
    readonly min?: number;
    readonly max?: number;
    readonly format?: (value: number) => string;
  }
  const chart: {
    plot(series: readonly (readonly number[])[], options?: Options): string;
    colored(text: string, colour: string | undefined): string;
    readonly blue: string;
    readonly yellow: string;
  };
  export default chart;
}
