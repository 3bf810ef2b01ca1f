import { fork } from 'node:child_process'

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
  new Promise((resolve, reject) => {
    const child = fork(new URL('./transformers-process.ts', import.meta.url))
    let time: PipelineTime | undefined
    child.on('message', (message: PipelineTime) => {
      time = message
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0 && time !== undefined) resolve(time)
      else reject(new Error(`@xenova/transformers ended with exit code ${code}, see above`))
    })
    child.send(job)
  })
