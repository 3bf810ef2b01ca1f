import { defined } from '@kic/core'
import type { DrillDown, PairedDifference } from '@kic/scores'
import { type Expectation, expectationAt, type ReviewRule, type ValidationCurve } from '@kic/scores'
import { SPACINGS, spacedFigure, wordsNote } from '../spacing-check.ts'
import { CHOSEN } from '../verdict.ts'
import { coverageChart, learningCurves, reliabilityChart } from './charts.ts'
import { heatMap } from './heat-map.ts'
import { Html, html } from './html.ts'
import type { ReportData, Scores } from './report-data.ts'
import { STYLE } from './style.ts'

/** Thresholds in the table of automatic coding. */
const THRESHOLDS = [0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99]

/**
 * One self-contained page about a run, for decision makers. It has no scripts and no requests, escapes every text, and fits
 * light and dark schemes, phones and paper.
 */
export const renderReport = async (data: ReportData): Promise<string> => {
  const finest = defined(data.levels.at(-1))
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${data.title}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<main>
<h1>${data.title}</h1>
<p>${data.verdict}</p>
<p class="muted">Measured on ${count(data.testRows)} ${data.testName}. Unless stated otherwise, this page shows results of the ${data.codedBy}.</p>
${cards(data)}
<h2>Automatic coding</h2>
<p>Answers at or above a threshold of confidence are coded automatically. A person reviews the others. A higher threshold
codes fewer answers, with higher accuracy.</p>
${reviewRule(data.review)}
<figure>${await coverageChart(pointsOf(data.coverage), finest)}<figcaption>Answers of the ${data.codedBy} at ${finest} level.</figcaption></figure>
${coverageTable(data.coverage, finest)}
<h2>Members and ensemble</h2>
${systemsTable(data)}
${techniques(data)}
${spacing(data, finest)}
<h2>Learning curves</h2>
<figure>${await learningCurves(data.members)}<figcaption>Accuracy at the member's own level on the validation rows.</figcaption></figure>
<h2>Calibration</h2>
<p>Predictions are grouped by confidence. On the dashed line, accuracy equals confidence. Below it, the ${data.codedBy}
is overconfident. The mean distance is ${percent(data.reliability.expectedCalibrationError)}&nbsp;% (expected calibration error).</p>
<figure>${await reliabilityChart(data.reliability.bins)}</figure>
<h2>Confusions</h2>
<p>Rows are true classes, and columns are predicted classes. Correct answers are on the diagonal. Point at a cell to see its
numbers.</p>
${data.confusions.map(
  (confusion) =>
    html`<h3>By ${confusion.level}</h3><figure class="scroll" tabindex="0">${heatMap(confusion)}</figure>`,
)}
<h3>Within each ${data.levels[0] ?? 'class'}</h3>
${data.drillDown.map((part) => drillDown(part, finest))}
<h2>The most frequent confusions</h2>
${worst(data)}
<h2>Data and run</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Data and run"><table><tbody>${data.facts.map(({ name, value }) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`)}</tbody></table></div>
</main>
</body>
</html>
`
  return page.source
}

const percent = (share: number): string => (100 * share).toFixed(2)
const count = (n: number): string => n.toLocaleString('en')

const cards = ({ levels, systems }: ReportData): Html => {
  const [ensemble, ...others] = systems
  return html`<div class="cards">${levels.map((level) => {
    const scores = ensemble?.levels[level]
    return html`<section class="card"><h2>${level}</h2><div class="figure">${scores ? percent(scores.accuracy) : '–'}&nbsp;%</div>
<p>accuracy; macro-F1 ${scores ? percent(scores.macroF1) : '–'}&nbsp;%</p>
${others.map(({ name, levels: theirs }) => comparison(name, scores, theirs[level]))}</section>`
  })}</div>`
}

const comparison = (name: string, own: Scores | undefined, other: Scores | undefined): Html | undefined => {
  if (own === undefined || other === undefined) return undefined
  const system = name === 'ensemble' ? 'all members, with the published vote' : name
  return html`<p>${signed(100 * (own.accuracy - other.accuracy))} against ${system}</p>`
}

const signed = (points: number): Html =>
  html`<span class="${points < 0 ? 'down' : 'up'}">${withSign(points)}</span>`

const withSign = (points: number): string => `${points < 0 ? '−' : '+'}${Math.abs(points).toFixed(2)}`

/** The expectation at each threshold that some answers reach. */
const pointsOf = (curve: ValidationCurve, thresholds = curve.thresholds): readonly Expectation[] =>
  thresholds.map((threshold) => expectationAt(curve, threshold)).filter(({ rows }) => rows > 0)

const reviewRule = (rule: ReviewRule | undefined): Html | undefined => {
  if (rule === undefined) return undefined
  const { target, level, below, validation, test } = rule
  const wish = html`${Math.round(100 * target)}&nbsp;% at ${level} level`
  if (below === null || validation === undefined || test === undefined)
    return html`<p>No threshold reached ${wish} on the validation rows, so a person reviews every answer.</p>`
  return html`<p><strong>predictions.csv marks answers below ${below.toFixed(2)} for review.</strong> This is the lowest threshold at which the other
answers reach ${wish} on the validation rows. There, ${percent(validation.automatic)}&nbsp;% are coded automatically, with an accuracy of
${percent(defined(validation.accuracy[level]).accuracy)}&nbsp;%. On the test rows, which did not affect the choice, these are ${percent(test.automatic)}&nbsp;% and
${percent(defined(test.accuracy[level]).accuracy)}&nbsp;%.</p>`
}

const coverageTable = (curve: ValidationCurve, level: string): Html =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="Automatic coding by threshold"><table><thead><tr><th scope="col" class="number">threshold</th><th scope="col" class="number">coded automatically</th><th scope="col" class="number">accuracy of these</th><th scope="col" class="number">errors per 1,000 coded</th><th scope="col" class="number">reviews per 1,000</th></tr></thead><tbody>${pointsOf(
    curve,
    THRESHOLDS,
  ).map(({ reviewBelow, automatic, accuracy }) => {
    const right = defined(accuracy[level]).accuracy
    return html`<tr><td class="number">${reviewBelow.toFixed(2)}</td><td class="number">${percent(automatic)}&nbsp;%</td><td class="number">${percent(right)}&nbsp;%</td><td class="number">${Math.round(1000 * (1 - right))}</td><td class="number">${Math.round(1000 * (1 - automatic))}</td></tr>`
  })}</tbody></table></div>`

const scoreCells = (levels: readonly string[], scores: Readonly<Record<string, Scores>>): Html[] =>
  levels.map((level) => {
    const own = scores[level]
    return html`<td class="number">${own ? percent(own.accuracy) : '–'}</td><td class="number">${own ? percent(own.macroF1) : '–'}</td>`
  })

const systemsTable = ({ levels, systems, members, leads }: ReportData): Html => {
  const about = (name: string): string => {
    if (name === 'ensemble') return 'all members, with the published vote'
    return name === CHOSEN ? 'members, weights and temperatures chosen on validation rows' : 'baseline'
  }
  const line = (
    name: string,
    description: string,
    scores: Readonly<Record<string, Scores>>,
    strong = false,
  ) =>
    html`<tr${strong ? html` class="strong"` : html``}><th scope="row">${name}<small>${description}</small></th>${scoreCells(levels, scores)}${leads && differenceCell(leads.leads[name])}</tr>`
  const isEnsemble = (name: string): boolean => name === 'ensemble' || name === CHOSEN
  const ensembles = systems.filter(({ name }) => isEnsemble(name))
  const baselines = systems.filter(({ name }) => !isEnsemble(name) && !name.startsWith('best member'))
  const head = html`<thead><tr><td></td>${levels.map((level) => html`<th scope="colgroup" colspan="2" class="number">${level}</th>`)}${leads && html`<th scope="col" class="number">${leads.level}</th>`}</tr><tr><th scope="col">system</th>${levels.map(() => html`<th scope="col" class="number">accuracy</th><th scope="col" class="number">macro-F1</th>`)}${leads && html`<th scope="col" class="number">above the reference</th>`}</tr></thead>`
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Scores of members and ensembles"><table class="systems"><caption>Percent.${leads && html` The last column: points above the ${leads.reference}, with the 95&nbsp;% interval of other test rows.`}</caption>${head}<tbody>${ensembles.map(({ name, levels: scores }) => line(name, about(name), scores, true))}${members.map(
    ({ name, description, parameters, scores }) =>
      line(name, `${description}; ${(parameters / 1e6).toFixed(1)} M parameters`, scores),
  )}${baselines.map(({ name, levels: scores }) => line(name, about(name), scores))}</tbody></table></div>`
}

/** A difference in points, with its interval below. */
const differenceCell = (found: PairedDifference | undefined): Html =>
  found === undefined
    ? html`<td class="number">–</td>`
    : html`<td class="number">${signed(100 * found.difference)}<small>${withSign(100 * found.low)} to ${withSign(100 * found.high)}</small></td>`

const techniques = ({ techniques: gains }: ReportData): Html | undefined =>
  gains.length === 0
    ? undefined
    : html`<h3>Effect of each technique</h3>
<p class="muted">Each row compares two members that differ only in the technique, with the 95&nbsp;% interval of other test rows. Another
seed may differ more.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Effect of each technique"><table><thead><tr><th scope="col">technique</th><th scope="col">without</th><th scope="col">with</th><th scope="col">level</th><th scope="col" class="number">points of accuracy</th></tr></thead><tbody>${gains.map(
        (gain) =>
          html`<tr><th scope="row">${gain.technique}</th><td class="name">${gain.without}</td><td class="name">${gain.with}</td><td>${gain.level}</td>${differenceCell(gain.gain)}</tr>`,
      )}</tbody></table></div>`

const spacing = ({ spacing: rows }: ReportData, finest: string): Html | undefined => {
  if (rows === undefined) return undefined
  const note = wordsNote(rows)
  return html`<h3>Other spaces</h3>
<p class="muted">Accuracy at ${finest} level on the test rows with every space removed, and with spaces drawn at random; in brackets the
difference from the rows as they are, in points.${note === undefined ? '' : ` ${note}`}</p>
<div class="scroll" tabindex="0" role="region" aria-label="Accuracy with other spaces"><table><thead><tr><th scope="col">system</th>${Object.values(SPACINGS).map((name) => html`<th scope="col" class="number">${name}</th>`)}</tr></thead><tbody>${rows.map(
    ({ system, test, joined, spaced }) =>
      html`<tr><th scope="row">${system}</th><td class="number">${percent(test)}</td><td class="number">${spacedFigure(joined, test)}</td><td class="number">${spacedFigure(spaced, test)}</td></tr>`,
  )}</tbody></table></div>`
}

const drillDown = ({ parent, support, right, confusion, classes }: DrillDown, finest: string): Html =>
  html`<details><summary><strong>${parent.code}</strong> ${parent.name}: ${percent(right / support)}&nbsp;% of ${count(support)} correct at ${finest} level</summary><div>${
    confusion.classes.length > 1
      ? html`<figure class="scroll" tabindex="0">${heatMap(confusion)}</figure>`
      : undefined
  }<div class="scroll" tabindex="0" role="region" aria-label="${parent.name} by ${finest}"><table><thead><tr><th scope="col">${finest}</th><th scope="col" class="number">rows</th><th scope="col" class="number">correct</th><th scope="col">predicted instead</th></tr></thead><tbody>${classes.map(
    (row) =>
      html`<tr><td>${row.class.code} ${row.class.name}</td><td class="number">${count(row.support)}</td><td class="number">${percent(row.right / row.support)}&nbsp;%</td><td>${row.takenFor
        .map((other) => `${other.class.code} ${other.class.name} (${other.count})`)
        .join(', ')}</td></tr>`,
  )}</tbody></table></div></div></details>`

const worst = ({ worst: pairs }: ReportData): Html =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="The most frequent confusions"><table><thead><tr><th scope="col">true class</th><th scope="col">predicted class</th><th scope="col" class="number">times</th></tr></thead><tbody>${pairs.map(
    ({ actual, predicted, count: times, support, examples }) =>
      html`<tr><td>${actual.code} ${actual.name}<ul class="examples" lang="ko">${examples.map((text) => html`<li>${text}</li>`)}</ul></td><td>${predicted.code} ${predicted.name}</td><td class="number">${times} of ${support}</td></tr>`,
  )}</tbody></table></div>`
