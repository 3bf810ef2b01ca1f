import { percent } from '@kic/core'
import type { Ensemble } from '@kic/ensemble'
import { type CardFacts, cardOf } from '../model/model-card.ts'
import { KEEPS_TEXTS } from '../model/save-ngram-folder.ts'
import type { DescribedMember } from './describe-ensemble.ts'

/**
 * The `README.md` of an ensemble.
 *
 * @param licences stated by the members' folders, in their order
 */
export const ensembleCard = (
  ensemble: Ensemble,
  members: readonly DescribedMember[],
  licences: readonly (string | undefined)[],
  card: CardFacts = {},
): string => {
  const own = ensemble.levels.at(-1)
  const stated = new Set(licences)
  const [common] = stated
  const facts: CardFacts = {
    ...card,
    licence: card.licence ?? (stated.size === 1 ? common : undefined),
  }
  const table = ensemble.members.map(({ name, level, weight, temperature }, i) => [
    name,
    members[i]?.model.kind ?? '',
    level,
    weightAt(ensemble, i, weight),
    temperature.toFixed(3),
    licences[i] ?? 'not stated',
  ])
  const budgets = Object.entries(ensemble.budgets ?? {}).flatMap(([name, budget]) =>
    budget === undefined
      ? []
      : [
          [
            `\`${name}\``,
            budget.members.map((member) => member.name).join(', '),
            percent(budget.accuracy),
            Math.round(budget.rowsPerSecond).toLocaleString('en'),
          ],
        ],
  )
  const nearest = members.flatMap(({ member: { name }, model }) =>
    model.kind === 'ngram' && model.settings.model === 'nearest' ? [`\`${name}\``] : [],
  )
  const body = [
    `${ensemble.members.length} models that vote (scheme \`${ensemble.scheme}\`) on ${own?.labels.length} classes of the level ${own?.name}.`,
    markdownTable(['member', 'kind', 'level', 'weight', 'temperature', 'licence'], table),
    ...(nearest.length === 0 ? [] : [`${nearest.join(', ')}: ${KEEPS_TEXTS}`]),
    'A calibration of the vote is in `kic.json`: `kic calibrate` writes it, `kic inspect` shows it.',
    ...(budgets.length === 0
      ? []
      : [
          "Budgets, measured on the maker's machine: `kic predict --budget fast`, or `loadPredictor(folder, { budget: 'fast' })`.",
          markdownTable(['budget', 'members', 'accuracy', 'rows/s'], budgets),
        ]),
  ]
  return cardOf('Ensemble', body.join('\n\n'), facts)
}

/** A member's weight: its own, or that of each level's stack. */
const weightAt = ({ stacks }: Ensemble, i: number, weight: number): string =>
  stacks === undefined
    ? String(weight)
    : stacks.map((stack) => `${stack.level} ${(stack.weights[i] ?? 0).toFixed(3)}`).join(', ')

const markdownTable = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map(
      (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s+/g, ' ')).join(' | ')} |`,
    )
    .join('\n')
