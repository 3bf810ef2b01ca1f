import { formatDuration, type ProgressTarget } from '@kic/core'
import { Presets, SingleBar } from 'cli-progress'
import type { Metrics } from '../checkpoints/checkpoint.ts'
import { harmless, type StepEvent, type TrainCallbacks } from './callbacks.ts'

export interface ProgressOptions {
  /** A prefix for every line, such as the name of an ensemble member; a function is called anew each time. */
  readonly label?: string | (() => string) | undefined
  /** Default: standard error. */
  readonly stream?: ProgressTarget | undefined
}

/** Without a terminal, a line is written after this much time, or this share of the run. */
const LINE_SECONDS = 10
const LINE_SHARE = 0.1

/**
 * A progress bar with loss, examples/s and remaining time. Without a terminal, a line every ten seconds or tenth of the
 * run. A failure does not stop the run.
 */
export const progress = ({
  label = 'train',
  stream = process.stderr,
}: ProgressOptions = {}): TrainCallbacks => {
  const now = typeof label === 'string' ? () => label : label
  return harmless('progress', isTerminal(stream) ? bar(now, stream) : lines(now, stream))
}

/** Updates over which the speed is averaged. */
const WINDOW = 50

/** The displayed data of a step: means over the last ones. */
class Pace {
  #events: StepEvent[] = []
  #compiled = false

  add(event: StepEvent): void {
    // The first update compiles the step and would make the remaining time look too long.
    if (!this.#compiled && this.#events.length === 1) {
      this.#compiled = true
      this.#events = []
    }
    this.#events.push(event)
    if (this.#events.length > WINDOW) this.#events.shift()
  }

  describe({ step, totalSteps }: StepEvent): { loss: string; speed: string; left: string } {
    const mean = (of: (event: StepEvent) => number): number =>
      this.#events.reduce((sum, event) => sum + of(event), 0) / this.#events.length
    const seconds = mean((event) => event.seconds)
    const speed = mean((event) => event.examples) / seconds
    return {
      loss: mean((event) => event.loss).toFixed(4),
      speed: `${speed.toFixed(speed < 10 ? 1 : 0)} examples/s`,
      left: `${formatDuration(seconds * (totalSteps - step))} left`,
    }
  }
}

const formatMetrics = (metrics: Metrics): string =>
  Object.entries(metrics)
    .map(([name, value]) => `${name} ${Number.isInteger(value) ? value : value.toFixed(4)}`)
    .join(', ')

const isTerminal = (stream: ProgressTarget): stream is NodeJS.WriteStream => stream.isTTY === true

const bar = (label: () => string, stream: NodeJS.WriteStream): TrainCallbacks => {
  const pace = new Pace()
  let evaluation = ''
  const shown = new SingleBar(
    {
      format: '{label} {bar} {value}/{total} · loss {loss} · {speed} · {left}{evaluation}',
      stream,
      fps: 5,
      barsize: 20,
      hideCursor: true,
      linewrap: true,
      gracefulExit: true,
    },
    Presets.shades_classic,
  )
  return {
    onStart: ({ step, totalSteps }) =>
      shown.start(totalSteps, step, { label: label(), loss: '–', speed: '–', left: '–', evaluation }),
    onStep: (event) => {
      pace.add(event)
      shown.update(event.step, { label: label(), ...pace.describe(event), evaluation })
    },
    onEvaluateStart: () => shown.update({ evaluation: ' · evaluating' }),
    onEvaluate: ({ metrics }) => {
      evaluation = ` · ${formatMetrics(metrics)}`
      shown.update({ evaluation })
    },
    onEnd: () => shown.stop(),
    onError: () => shown.stop(),
  }
}

const lines = (label: () => string, stream: ProgressTarget): TrainCallbacks => {
  const pace = new Pace()
  let [lastTime, lastStep] = [performance.now(), 0]
  const say = (text: string): void => {
    stream.write(`${label()}: ${text}\n`)
  }
  return {
    onStart: ({ step, totalSteps }) => {
      ;[lastTime, lastStep] = [performance.now(), step]
      say(step === 0 ? `${totalSteps} steps` : `resumed at step ${step} of ${totalSteps}`)
    },
    onStep: (event) => {
      pace.add(event)
      const { step, totalSteps, epoch } = event
      const now = performance.now()
      const due = now - lastTime >= LINE_SECONDS * 1000 || step - lastStep >= LINE_SHARE * totalSteps
      if (!due && step !== totalSteps) return
      ;[lastTime, lastStep] = [now, step]
      const { loss, speed, left } = pace.describe(event)
      say(`step ${step}/${totalSteps}, epoch ${epoch.toFixed(2)}, loss ${loss}, ${speed}, ${left}`)
    },
    onEvaluate: ({ step, metrics, isBest }) => {
      lastTime = performance.now()
      say(`step ${step}: ${formatMetrics(metrics)}${isBest ? ' (best)' : ''}`)
    },
    onEnd: ({ stopped, step }) => {
      if (stopped !== 'finished') say(`ended at step ${step}: ${stopped}`)
    },
    onError: (error) => say(`failed: ${error instanceof Error ? error.message : String(error)}`),
  }
}
