import { defined } from '@kic/core'
import type { LevelConfusion } from '@kic/scores'
import { type Html, html } from './html.ts'

/** Smallest size of letters in pixels; below it, the picture scrolls instead of shrinking. */
const READABLE = 7

/**
 * A confusion matrix as a picture. Each row shows how the answers of an actual class are distributed over predicted classes.
 * Correct ones are on the diagonal. Only cells above 0 are drawn, and each has its numbers as a tooltip.
 */
export const heatMap = ({ level, classes, counts }: LevelConfusion): Html => {
  const size = classes.length
  const cell = size > 40 ? 9 : size > 12 ? 22 : 30
  const margin = cell < 12 ? 22 : 30
  const cells: Html[] = []
  const at = (i: number): number => margin + i * cell
  classes.forEach((actual, row) => {
    let total = 0
    for (let column = 0; column < size; column++) total += defined(counts[row * size + column])
    classes.forEach((predicted, column) => {
      const count = defined(counts[row * size + column])
      if (count === 0) return
      const share = count / total
      // The square root keeps rare confusions visible beside frequent ones.
      const opacity = Math.max(0.08, Math.sqrt(share)).toFixed(2)
      cells.push(
        html`<rect x="${at(column)}" y="${at(row)}" width="${cell - 1}" height="${cell - 1}" fill="var(${row === column ? '--right' : '--wrong'})" fill-opacity="${opacity}"><title>${actual.code} ${actual.name} → ${predicted.code} ${predicted.name}: ${count} of ${total} (${(100 * share).toFixed(1)} %)</title></rect>`,
      )
    })
  })
  const font = cell < 12 ? 7 : 11
  const labels = classes.map(({ code, name }, i) => {
    const middle = at(i) + cell / 2
    const column =
      cell < 12
        ? html`<text x="${middle}" y="${margin - 3}" transform="rotate(-90 ${middle} ${margin - 3})" dominant-baseline="central">${code}</text>`
        : html`<text x="${middle}" y="${margin - 6}" text-anchor="middle">${code}</text>`
    return html`<text x="${margin - 4}" y="${middle}" text-anchor="end" dominant-baseline="central">${code}<title>${name}</title></text>${column}`
  })
  const width = margin + size * cell
  return html`<svg class="heat" viewBox="0 0 ${width} ${width}" style="max-width:${Math.max(width, 320)}px;min-width:${Math.round((width * READABLE) / font)}px" role="img" aria-label="Confusion matrix of ${size} ${level}s; rows are actual, columns predicted"><g fill="currentColor" font-size="${font}">${labels}</g>${cells}</svg>`
}
