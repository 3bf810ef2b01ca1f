import { curvePoints } from './curve-points.ts'
import type { TrainingMessages } from './training-messages.ts'

/** Size of the drawing, in units of its own. */
const WIDTH = 600
const HEIGHT = 180

interface Props {
  readonly t: TrainingMessages
  /** The loss of each step so far. */
  readonly losses: readonly number[]
  readonly totalSteps: number
}

/** The training loss over the steps. */
export const LossCurve = ({ t, losses, totalSteps }: Props) => {
  const points = curvePoints(losses)
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined) return null
  const top = Math.max(...points.map(({ loss }) => loss))
  const x = (step: number): number => (WIDTH * step) / totalSteps
  const y = (loss: number): number => HEIGHT - (HEIGHT * loss) / top
  const line = points.map(({ step, loss }) => `${x(step).toFixed(1)},${y(loss).toFixed(1)}`).join(' ')
  return (
    <figure class="curve">
      <div class="axis">
        <span>
          {t.loss} {top.toFixed(2)}
        </span>
      </div>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t.curve(first.loss.toFixed(2), last.loss.toFixed(2), losses.length)}
      >
        <polyline points={line} vector-effect="non-scaling-stroke" />
      </svg>
      <div class="axis">
        <span>0</span>
        <span>
          {totalSteps} {t.steps}
        </span>
      </div>
      <figcaption class="muted">
        {t.curve(first.loss.toFixed(2), last.loss.toFixed(2), losses.length)}
      </figcaption>
    </figure>
  )
}
