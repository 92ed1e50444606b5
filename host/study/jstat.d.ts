/** What is used of jStat, which comes without types. */
declare module 'jstat' {
  interface Distribution<Parameters extends number[]> {
    /** P(X <= x). */
    cdf(x: number, ...parameters: Parameters): number;
    /** The quantile. */
    inv(p: number, ...parameters: Parameters): number;
  }
  const jStat: {
    /** By degrees of freedom. */
    readonly studentt: Distribution<[freedom: number]>;
    readonly normal: Distribution<[mean: number, deviation: number]>;
    mean(values: readonly number[]): number;
    median(values: readonly number[]): number;
    /** @param sample divides by n - 1 */
    stdev(values: readonly number[], sample: boolean): number;
    quantiles(values: readonly number[], at: readonly number[], alpha: number, beta: number): number[];
  };
  export default jStat;
}
