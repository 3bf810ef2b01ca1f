import type { DrillDown } from '@kic/scores'
import { type Expectation, expectationAt, type ReviewRule, type ValidationCurve } from '@kic/scores'
import { SELECTED } from '../verdict.ts'
import { coverageChart, learningCurves, reliabilityChart } from './charts.ts'
import { heatMap } from './heat-map.ts'
import { Html, html } from './html.ts'
import type { ReportData, Scores } from './report-data.ts'
import { STYLE } from './style.ts'

/** Thresholds that the table of automatic coding shows. */
const THRESHOLDS = [0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99]

/**
 * One self-contained page about a run, for someone who decides: no script, no request, every text escaped, light and
 * dark, readable on a phone and on paper.
 */
export const renderReport = async (data: ReportData): Promise<string> => {
  const finest = data.levels.at(-1) ?? ''
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
<p class="muted">Judged on ${count(data.testRows)} ${data.testName}; where nothing else is said, this page is about the ${data.codedBy}.</p>
${cards(data)}
<h2>How much can be coded without a person?</h2>
<p>Answers whose confidence reaches the threshold are coded automatically, the others go to a person. The higher the
threshold, the fewer answers are coded and the more of them are right.</p>
${reviewRule(data.review)}
<figure>${await coverageChart(pointsOf(data.coverage), finest)}<figcaption>Answers of the ${data.codedBy} at ${finest} level.</figcaption></figure>
${coverageTable(data.coverage, finest)}
<h2>Members and ensemble</h2>
${systemsTable(data)}
${techniques(data)}
<h2>How they learned</h2>
<figure>${await learningCurves(data.members)}<figcaption>Accuracy at the member's own level on the validation rows.</figcaption></figure>
<h2>Can the confidence be believed?</h2>
<p>Predictions are grouped by confidence. Where a point lies on the dashed line, as many of its predictions are right as
the confidence promises; below it, the ${data.codedBy} promises too much. The mean distance is
${percent(data.reliability.expectedCalibrationError)}&nbsp;% (expected calibration error).</p>
<figure>${await reliabilityChart(data.reliability.bins)}</figure>
<h2>What is confused with what</h2>
<p>A row is a true class, a column what it was taken for; right answers lie on the diagonal. Point at a cell for its
numbers.</p>
${data.confusions.map(
  (confusion) =>
    html`<h3>By ${confusion.level}</h3><figure class="scroll" tabindex="0">${heatMap(confusion)}</figure>`,
)}
<h3>Inside each ${data.levels[0] ?? 'class'}</h3>
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
  const system = name === 'ensemble' ? 'all members, voting as published' : name
  return html`<p>${signed(100 * (own.accuracy - other.accuracy))} against ${system}</p>`
}

const signed = (points: number): Html =>
  html`<span class="${points < 0 ? 'down' : 'up'}">${points < 0 ? '−' : '+'}${Math.abs(points).toFixed(2)}</span>`

/** What happens at each threshold that some answers reach. */
const pointsOf = (curve: ValidationCurve, thresholds = curve.thresholds): readonly Expectation[] =>
  thresholds.map((threshold) => expectationAt(curve, threshold)).filter(({ rows }) => rows > 0)

const reviewRule = (rule: ReviewRule | undefined): Html | undefined => {
  if (rule === undefined) return undefined
  const { target, level, below, validation, test } = rule
  const wish = html`${Math.round(100 * target)}&nbsp;% at ${level} level`
  if (below === null || validation === undefined || test === undefined)
    return html`<p>No threshold reached ${wish} on the validation rows: a person looks at every answer.</p>`
  return html`<p><strong>In predictions.csv answers below ${below.toFixed(2)} are marked for review.</strong> That is the lowest threshold at
which the others reached ${wish} on the validation rows. There it coded ${percent(validation.automatic)}&nbsp;% automatically, right in
${percent(validation.accuracy[level]?.accuracy ?? 0)}&nbsp;%; of the test rows, which had no part in the choice, ${percent(test.automatic)}&nbsp;%, right in
${percent(test.accuracy[level]?.accuracy ?? 0)}&nbsp;%.</p>`
}

const coverageTable = (curve: ValidationCurve, level: string): Html =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="Automatic coding by threshold"><table><thead><tr><th scope="col" class="number">threshold</th><th scope="col" class="number">coded automatically</th><th scope="col" class="number">right among them</th><th scope="col" class="number">wrong in 1,000 coded</th><th scope="col" class="number">for a person, of 1,000</th></tr></thead><tbody>${pointsOf(
    curve,
    THRESHOLDS,
  ).map(({ reviewBelow, automatic, accuracy }) => {
    const right = accuracy[level]?.accuracy ?? 0
    return html`<tr><td class="number">${reviewBelow.toFixed(2)}</td><td class="number">${percent(automatic)}&nbsp;%</td><td class="number">${percent(right)}&nbsp;%</td><td class="number">${Math.round(1000 * (1 - right))}</td><td class="number">${Math.round(1000 * (1 - automatic))}</td></tr>`
  })}</tbody></table></div>`

const scoreCells = (levels: readonly string[], scores: Readonly<Record<string, Scores>>): Html[] =>
  levels.map((level) => {
    const own = scores[level]
    return html`<td class="number">${own ? percent(own.accuracy) : '–'}</td><td class="number">${own ? percent(own.macroF1) : '–'}</td>`
  })

const systemsTable = ({ levels, systems, members }: ReportData): Html => {
  const about = (name: string): string => {
    if (name === 'ensemble') return 'all members, voting as published'
    return name === SELECTED ? 'members, weights and temperatures chosen on validation rows' : 'baseline'
  }
  const line = (
    name: string,
    description: string,
    scores: Readonly<Record<string, Scores>>,
    strong = false,
  ) =>
    html`<tr${strong ? html` class="strong"` : html``}><th scope="row">${name}<small>${description}</small></th>${scoreCells(levels, scores)}</tr>`
  const isEnsemble = (name: string): boolean => name === 'ensemble' || name === SELECTED
  const ensembles = systems.filter(({ name }) => isEnsemble(name))
  const baselines = systems.filter(({ name }) => !isEnsemble(name) && !name.startsWith('best member'))
  const head = html`<thead><tr><td></td>${levels.map((level) => html`<th scope="colgroup" colspan="2" class="number">${level}</th>`)}</tr><tr><th scope="col">system</th>${levels.map(() => html`<th scope="col" class="number">accuracy</th><th scope="col" class="number">macro-F1</th>`)}</tr></thead>`
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Scores of members and ensembles"><table class="systems"><caption>Percent.</caption>${head}<tbody>${ensembles.map(({ name, levels: scores }) => line(name, about(name), scores, true))}${members.map(
    ({ name, description, parameters, scores }) =>
      line(name, `${description}; ${(parameters / 1e6).toFixed(1)} M parameters`, scores),
  )}${baselines.map(({ name, levels: scores }) => line(name, about(name), scores))}</tbody></table></div>`
}

const techniques = ({ techniques: gains }: ReportData): Html | undefined =>
  gains.length === 0
    ? undefined
    : html`<h3>What each technique changed</h3>
<p class="muted">One pair of members each, alike in all but the technique. Single runs differ by chance too.</p>
<div class="scroll" tabindex="0" role="region" aria-label="What each technique changed"><table><thead><tr><th scope="col">technique</th><th scope="col">without</th><th scope="col">with</th><th scope="col">level</th><th scope="col" class="number">points of accuracy</th></tr></thead><tbody>${gains.map(
        (gain) =>
          html`<tr><th scope="row">${gain.technique}</th><td class="name">${gain.without}</td><td class="name">${gain.with}</td><td>${gain.level}</td><td class="number">${signed(gain.points)}</td></tr>`,
      )}</tbody></table></div>`

const drillDown = ({ parent, support, right, confusion, classes }: DrillDown, finest: string): Html =>
  html`<details><summary><strong>${parent.code}</strong> ${parent.name}: ${percent(right / support)}&nbsp;% of ${count(support)} right at ${finest} level</summary><div>${
    confusion.classes.length > 1
      ? html`<figure class="scroll" tabindex="0">${heatMap(confusion)}</figure>`
      : undefined
  }<div class="scroll" tabindex="0" role="region" aria-label="${parent.name} by ${finest}"><table><thead><tr><th scope="col">${finest}</th><th scope="col" class="number">rows</th><th scope="col" class="number">right</th><th scope="col">taken for</th></tr></thead><tbody>${classes.map(
    (row) =>
      html`<tr><td>${row.class.code} ${row.class.name}</td><td class="number">${count(row.support)}</td><td class="number">${percent(row.right / row.support)}&nbsp;%</td><td>${row.takenFor
        .map((other) => `${other.class.code} ${other.class.name} (${other.count})`)
        .join(', ')}</td></tr>`,
  )}</tbody></table></div></div></details>`

const worst = ({ worst: pairs }: ReportData): Html =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="The most frequent confusions"><table><thead><tr><th scope="col">is</th><th scope="col">was taken for</th><th scope="col" class="number">times</th></tr></thead><tbody>${pairs.map(
    ({ actual, predicted, count: times, support, examples }) =>
      html`<tr><td>${actual.code} ${actual.name}<ul class="examples" lang="ko">${examples.map((text) => html`<li>${text}</li>`)}</ul></td><td>${predicted.code} ${predicted.name}</td><td class="number">${times} of ${support}</td></tr>`,
  )}</tbody></table></div>`
