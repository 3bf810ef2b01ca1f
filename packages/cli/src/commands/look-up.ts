import {
  type Classification,
  childrenOf,
  findClasses,
  labelsOf,
  levelNames,
  levelOf,
  nodeOf,
} from '@kic/classification'
import { textTable } from '@kic/core'
import type { Command } from 'commander'
import { Option } from 'commander'
import { defaultClassification, lookUpCommand } from '../default-classification.ts'
import type { Finish } from '../finish.ts'
import { EXIT, type Io } from '../io.ts'

/** A class of the classification, as printed. */
interface Entry {
  readonly level: string
  readonly code: string
  readonly name: string
  readonly english?: string
}

interface Options {
  readonly level?: string
  readonly json?: boolean
}

/** `kic ksic`: looks up codes of the default classification, walks it, searches its names. */
export const addLookUp = (program: Command, io: Io, finish: Finish): void => {
  const levels = levelNames(defaultClassification)
  const [start = ''] = levels
  const { name, examples } = lookUpCommand
  program
    .command(name)
    .description(
      `Looks up a code of ${defaultClassification.name} with its ancestors and children, or searches names.`,
    )
    .argument('[query...]', `a code or words of a name; default: all codes of the level ${start}`)
    .addOption(new Option('--level <name>', 'search or look up at this level only').choices(levels))
    .option('--json', 'print one JSON object instead of text')
    .addHelpText(
      'after',
      `\nExamples:\n${['', ...examples].map((example) => `  kic ${name} ${example}`.trimEnd()).join('\n')}\n` +
        '\nThe exit code is 1 if nothing was found.',
    )
    .action(async (query: string[], { level, json = false }: Options) => {
      const answer = lookUp(defaultClassification, query, level)
      if ('matches' in answer && answer.matches.length === 0) finish(EXIT.failed)
      await io.out(json ? `${JSON.stringify(answer)}\n` : inWords(answer))
    })
}

type Answer =
  | { readonly path: readonly Entry[]; readonly children: readonly Entry[] }
  | { readonly matches: readonly Entry[] }

/** A code with its ancestors and children, or the classes whose names match. */
export const lookUp = (classification: Classification, query: readonly string[], level?: string): Answer => {
  const text = query.join(' ').trim()
  const code = text.toUpperCase()
  const found = codeLevel(classification, code, level)
  if (found !== undefined) {
    const labels = labelsOf(classification, found, code)
    const below = levelNames(classification)[levelNames(classification).indexOf(found) + 1]
    return {
      path: Object.entries(labels).map(([name, own]) => entry(classification, name, own)),
      children:
        below === undefined
          ? []
          : childrenOf(classification, found, code).map((child) => entry(classification, below, child)),
    }
  }
  const [top] = levelNames(classification)
  const matches = findClasses(classification, text, level ?? (text === '' ? top : undefined))
  return { matches: matches.map((match) => entry(classification, match.level, match.code)) }
}

const codeLevel = (
  classification: Classification,
  code: string,
  level: string | undefined,
): string | undefined => {
  if (level === undefined) return levelOf(classification, code)
  return nodeOf(classification, level, code) === undefined ? undefined : level
}

const entry = (classification: Classification, level: string, code: string): Entry => {
  const node = nodeOf(classification, level, code)
  return {
    level,
    code,
    name: node?.name ?? '',
    ...(node?.english === undefined ? {} : { english: node.english }),
  }
}

const inWords = (answer: Answer): string => {
  if ('matches' in answer) {
    if (answer.matches.length === 0) return 'nothing found\n'
    return textTable(answer.matches.map(cells))
  }
  const below = answer.children.length === 0 ? '' : `\n${textTable(answer.children.map(cells), '  ')}`
  return textTable(answer.path.map(cells)) + below
}

const cells = ({ level, code, name, english }: Entry): readonly string[] => [
  code,
  level,
  english === undefined ? name : `${name} (${english})`,
]
