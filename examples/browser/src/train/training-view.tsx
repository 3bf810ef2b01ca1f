import { formatDuration } from '@kic/core'
import type { Ref } from 'preact'
import { percent } from '../format.ts'
import { LossCurve } from './loss-curve.tsx'
import { secondsLeft, type TrainingProgress } from './training-event.ts'
import type { TrainingMessages } from './training-messages.ts'

interface Props {
  readonly t: TrainingMessages
  /** Receives the focus while the training runs. */
  readonly heading: Ref<HTMLHeadingElement>
  readonly progress: TrainingProgress
  readonly state: 'running' | 'stopping' | 'ended'
  readonly onStop: () => void
}

/** A training as it goes: engine, progress, loss curve and accuracy. */
export const TrainingView = ({ t, heading, progress, state, onStop }: Props) => {
  const { gpu, started, stage, losses, totalSteps, evaluations } = progress
  const left = secondsLeft(progress)
  const last = evaluations.at(-1)
  return (
    <section aria-labelledby="training">
      <h2 id="training" ref={heading} tabIndex={-1}>
        {t.training}
      </h2>
      <div class="card">
        <div role="status">
          <p>{started ? (gpu === undefined ? t.onProcessor : t.onGpu(gpu)) : t.starting}</p>
          {state !== 'ended' && stage !== undefined && <p>{t.stages[stage]}</p>}
          {last !== undefined && <p>{t.evaluated(last.epoch.toFixed(0), percent(last.accuracy))}</p>}
        </div>
        {totalSteps > 0 && (
          <>
            {state !== 'ended' && (
              <>
                <progress
                  max={totalSteps}
                  value={losses.length}
                  aria-label={t.step(losses.length, totalSteps)}
                />
                <p>
                  {t.step(losses.length, totalSteps)}
                  {left !== undefined && stage === 'training' && `, ${t.timeLeft(formatDuration(left))}`}
                </p>
              </>
            )}
            <LossCurve t={t} losses={losses} totalSteps={totalSteps} />
          </>
        )}
        {state !== 'ended' && (
          <button type="button" disabled={state === 'stopping' || stage !== 'training'} onClick={onStop}>
            {state === 'stopping' ? t.stopping : t.stop}
          </button>
        )}
      </div>
    </section>
  )
}
