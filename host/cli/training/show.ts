/** What a finished run shows beside its numbers: curves, a chart, and what to do next. */
import { reversalRate } from '../../api/reversal-rate.ts';
import type { Trainer } from '../../api/trainer.ts';
import type { OutputFile } from '../../files/output-file.ts';
import { self, shellWord } from '../output/commands.ts';
import { curveLines } from '../output/curve.ts';
import { colourful } from '../output/format.ts';
import { describePlot, lossChart, type LossPlot } from '../output/loss-plot.ts';
import { plain } from '../output/plain.ts';
import type { RunFacts } from './result.ts';
import type { Watch } from './watch.ts';

/** Columns of a terminal that does not say. */
const COLUMNS = 80;

/** The losses as a curve for the terminal; none of fewer than two steps. */
export function describeCurve({ curves }: Watch): string[] {
  const { trainingLoss, validationLoss } = curves;
  const training = trainingLoss.length > 1 ? trainingLoss : curves.series('loss');
  const name = trainingLoss.length > 1 ? 'training set' : 'mini-batches';
  const series = [
    { name, points: training },
    { name: 'validation set', points: validationLoss },
  ];
  const lines = curveLines(series, process.stdout.columns ?? COLUMNS, colourful());
  return lines.length === 0 ? [] : ['', ...lines];
}

/** What is plotted of a run. */
export function plotOf({ training }: Trainer, { curves }: Watch, result: RunFacts, of: string): LossPlot {
  const { rate, rule } = training;
  const negativeRate = reversalRate(training);
  return {
    title: `${rule} on ${plain(of)}, seed ${result.seed}`,
    loss: curves.series('loss'),
    trainingLoss: curves.trainingLoss,
    validationLoss: curves.validationLoss,
    gradientNorm: curves.series('gradientNorm'),
    observableNorm: curves.series('observableNorm'),
    reversed: curves.series('reversed'),
    ...(negativeRate !== null && {
      violations: {
        rate: curves.series('violationRate'),
        meanRateTurns: rate / (rate + negativeRate),
        meanStepTurns: result.ascent?.thresholds.step ?? null,
      },
    }),
    ...(result.validation?.best && { best: result.validation.best.step }),
  };
}

/** Draws a run into a file. @throws DataError */
export async function writePlot(file: OutputFile, plot: LossPlot): Promise<void> {
  // A chunk of its own, larger than the command: who does not draw does not load it.
  const { renderSvg } = await import('../output/charts.ts');
  const svg = await renderSvg(lossChart(plot), { title: plot.title, description: describePlot(plot) });
  await file.write(new TextEncoder().encode(svg));
}

/** How to keep a model that was written nowhere. @param checkpoint of its last step */
export function stepsToKeep(checkpoint: string | undefined): string[] {
  const again =
    checkpoint === undefined ? 'train again with --out FILE' : `--resume ${shellWord(checkpoint)} --out FILE`;
  return ['', `Next: ${again} to keep the model.`];
}

/** What to do with a model next. @param model where it was written @param kind of the data it was trained on */
export function nextSteps(model: string, kind: 'csv' | 'idx' | 'digits' | 'made', numeric = false): string[] {
  const file = shellWord(model);
  const command = {
    csv: `predict ${file} --csv NEW.csv${numeric ? '' : ' --probabilities'}`,
    idx: `predict ${file} --idx IMAGES`,
    digits: `evaluate ${file} --shots 100`,
    made: `predict ${file} --csv NEW.csv --probabilities`,
  }[kind];
  return ['', 'Next:', `  ${self()} ${command}`];
}
