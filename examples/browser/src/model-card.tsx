import type { PredictorInfo } from '@kic/predictor'
import { DropZone } from './drop-zone.tsx'
import type { Messages } from './messages.ts'
import type { VisitorFolder } from './model-source.ts'
import { chosenFolder, droppedFolder } from './visitor-folder.ts'

/** Where a model is on its way from its files to answers. */
export type ModelState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly problem: string }

interface Props {
  readonly t: Messages
  readonly state: ModelState
  /** The model that answers; none if the page has none of its own and the visitor chose none yet. */
  readonly info: PredictorInfo | undefined
  /** The visitor's folder that it is from. */
  readonly folder: string | undefined
  readonly onFolder: (folder: VisitorFolder) => void
  readonly onProblem: (problem: string) => void
}

/** The model that answers, and a way to bring another one. */
export const ModelCard = ({ t, state, info, folder, onFolder, onProblem }: Props) => {
  const open = async (found: Promise<VisitorFolder | undefined>): Promise<void> => {
    const opened = await found.catch(() => undefined)
    if (opened === undefined) onProblem(t.noFolder)
    else onFolder(opened)
  }
  return (
    <section aria-labelledby="model">
      <h2 id="model">{t.model}</h2>
      <div class="card">
        {info !== undefined && (
          <>
            {/* The name changes when another model is ready. */}
            <p role="status">
              <strong>{folder ?? t.ownModel}</strong>{' '}
              <span class="muted">
                {t.describeModel(
                  info.models.map(({ kind }) => kind),
                  info.classes.length,
                )}
              </span>
            </p>
            {info.warnings.length > 0 && (
              <ul class="warnings">
                {info.warnings.map((warning) => (
                  <li key={warning}>{warning}</li>
                ))}
              </ul>
            )}
          </>
        )}
        <p>{t.otherModel}</p>
        <DropZone
          folder
          disabled={state.kind === 'loading'}
          choose={t.chooseFolder}
          hint={t.dropFolder}
          onChoose={(files) => void open(Promise.resolve(chosenFolder(files)))}
          onDrop={(dropped) => void open(droppedFolder(dropped))}
        />
        <p>
          <a href="./train.html">{t.trainOwn}</a>
        </p>
        <div role="status">{state.kind === 'loading' && <p>{t.loading}</p>}</div>
        {state.kind === 'failed' && (
          <p role="alert" class="error">
            {t.loadFailed(state.problem)}
          </p>
        )}
      </div>
    </section>
  )
}
