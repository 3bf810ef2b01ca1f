import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { KicError } from '@kic/core'
import type { Precision } from '@kic/predictor'
import type { LogEntry } from '@kic/server'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { bundledModel, knownNotes } from '../default-classification.ts'
import type { CliErrorCode } from '../error-code.ts'
import { precisionOption } from '../input/precision-option.ts'
import type { Io } from '../io.ts'
import { MODEL_OPTION, modelFolder } from '../model-folder.ts'
import { positiveInteger, positiveNumber } from '../parse-arguments.ts'
import { linesTogether } from '../serve/lines-together.ts'
import { forkThisCommand, usefulProcesses } from '../serve/processes.ts'

interface Options {
  readonly model?: string
  readonly precision?: Precision
  readonly port: number
  readonly host: string
  readonly apiKeysFile?: string
  readonly maxTexts?: number
  readonly maxExplained?: number
  readonly maxTextLength?: number
  readonly maxBody?: number
  readonly maxWaiting?: number
  readonly timeout?: number
  readonly drain?: number
  readonly grace?: number
  readonly processes?: number
  readonly child?: number
  readonly quiet?: boolean
}

/** `kic serve`: a model behind HTTP. */
export const addServe = (program: Command, io: Io): void => {
  program
    .command('serve')
    .description('Serves a model over HTTP until it is interrupted.')
    .option('-m, --model <path>', MODEL_OPTION)
    .addOption(precisionOption('weights to run; default: the fastest in the folder'))
    .option('--port <n>', 'port to listen on; 0 picks a free one', port, 8080)
    .option('--host <address>', 'address to listen on; 0.0.0.0 listens on all interfaces', '127.0.0.1')
    .option('--api-keys-file <file>', 'accepted API keys, one per line; default: none is required')
    .option('--max-texts <n>', 'texts per request (default: 1000)', positiveInteger)
    .option('--max-explained <n>', 'texts per request with reasons (default: 10)', positiveInteger)
    .option('--max-text-length <n>', 'characters per text (default: 2000)', positiveInteger)
    .option('--max-body <bytes>', 'bytes per request (default: 1048576)', positiveInteger)
    .option('--max-waiting <n>', 'texts that may be queued (default: 8192)', positiveInteger)
    .option('--timeout <seconds>', 'timeout of a request and of its answer (default: 30)', positiveNumber)
    .option('--drain <seconds>', 'time to keep listening while /ready is 503 (default: 0)', seconds)
    .option('--grace <seconds>', 'time for accepted requests to finish on shutdown (default: 30)', seconds)
    .option(
      '--processes <n>',
      'processes that answer, each with the model, at most 256 (default: for a small model one per processor, at most 4)',
      positiveInteger,
    )
    .addOption(
      new Option('--child <n>', 'answers for a parent process').argParser(positiveInteger).hideHelp(),
    )
    .option('--quiet', 'do not log requests')
    .addHelpText(
      'after',
      '\nRoutes: POST /v1/classify, GET /v1/classes, /v1/model, /health, /ready, /metrics, /openapi.json.\n' +
        'Clients send their key as `Authorization: Bearer KEY` or `X-API-Key: KEY`; /health, /ready and /openapi.json need none.\n' +
        'Requests of all clients share batches. When the queue is full, requests get 429 with Retry-After.\n' +
        'The log on standard output has one JSON object per line, and never contains texts.\n' +
        'On SIGTERM or SIGINT, /ready turns 503, accepted requests finish, and the command exits. A second signal exits at once.\n' +
        '\nExamples:\n' +
        '  kic serve\n' +
        '  kic serve -m runs/first --port 8080\n' +
        '  kic serve -m runs/ensemble --host 0.0.0.0 --api-keys-file keys.txt\n' +
        '  kic serve --drain 5 --grace 20 --quiet\n' +
        `  curl -H 'content-type: application/json' -d '{"text":"${bundledModel.example}"}' http://127.0.0.1:8080/v1/classify`,
    )
    .action((options: Options) => serve(options, io))
}

const serve = async (options: Options, io: Io): Promise<void> => {
  const lines = linesTogether(io)
  try {
    await serveWithLog(options, io, lines.write)
  } finally {
    await lines.flush()
  }
}

const serveWithLog = async (options: Options, io: Io, writeLine: (line: string) => void): Promise<void> => {
  const {
    apiKeysFile,
    quiet = false,
    maxBody: maxBodyBytes,
    child,
    port,
    host,
    drain,
    grace,
    ...rest
  } = options
  const { jsonLog, parseApiKeys, serveConnections, startProcesses, startServer } = await import('@kic/server')
  const keys = apiKeysFile && (await (child === undefined ? readKeys(apiKeysFile) : text(io.input)))
  const model = await modelFolder(options.model)
  const write = jsonLog(writeLine)
  const listening = { port, host, drain, grace, signal: io.signal, log: write }
  const answering = {
    ...rest,
    maxBodyBytes,
    model,
    known: knownNotes,
    apiKeys: keys === undefined ? undefined : parseApiKeys(keys),
    log: (entry: LogEntry) => {
      if (!quiet || entry.event !== 'request') write(entry)
    },
  }
  if (child !== undefined) {
    await serveConnections({ ...answering, processes: child })
    return
  }
  const processes = options.processes ?? (await usefulProcesses(model))
  const server =
    processes === 1
      ? await startServer({ ...answering, ...listening, log: answering.log })
      : await startProcesses({ ...listening, processes, fork: () => forkThisCommand(processes, keys) })
  await server.ended
}

/** @throws KicError `cli/api-keys-file` */
const readKeys = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((cause: unknown) => {
    throw new KicError<CliErrorCode>(
      'cli/api-keys-file',
      `kic serve: --api-keys-file must be readable, received ${path}: ${cause instanceof Error ? cause.message : String(cause)}. Check the path and its permissions.`,
      { cause },
    )
  })

const port = (text: string): number => {
  const value = Number(text)
  if (text.trim() === '' || !Number.isInteger(value) || value < 0 || value > 65535)
    throw new InvalidArgumentError('It must be an integer from 0 to 65535.')
  return value
}

const seconds = (text: string): number => {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && Number.isFinite(value)))
    throw new InvalidArgumentError('It must be a number of at least 0.')
  return value
}
