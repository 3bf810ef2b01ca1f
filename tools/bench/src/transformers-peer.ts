import { inOwnProcess } from './own-process.ts'

export interface PipelineJob {
  /** The folder that holds the model's folder. */
  readonly models: string
  readonly name: string
  readonly texts: readonly string[]
}

/** The quickest of some batch sizes. */
export interface PipelineTime {
  /** Of the texts alone. */
  readonly ms: number
  /** From the start of the process until the pipeline is loaded. */
  readonly startMs: number
  /** Processor time of all threads. */
  readonly cpuMs: number
  readonly batchSize: number
}

/**
 * How long `pipeline('text-classification')` of `@xenova/transformers` takes for texts, in the order given, with the best
 * batch size of several. In a process of its own: it brings another ONNX Runtime along.
 */
export const pipelineTime = (job: PipelineJob): Promise<PipelineTime> =>
  inOwnProcess('./transformers-process.ts', job)
