import { useEffect, useRef, useState } from 'preact/hooks'

interface Props {
  /** The button's text. */
  readonly choose: string
  /** The text beside it. */
  readonly hint: string
  /** Whether a folder is chosen instead of a file. */
  readonly folder?: boolean | undefined
  /** Kinds of files in the dialog. */
  readonly accept?: string | undefined
  readonly disabled?: boolean | undefined
  readonly onChoose: (files: readonly File[]) => void
  readonly onDrop: (dropped: DataTransfer) => void
}

/** A button for a file or a folder, on an area where one can be dropped. */
export const DropZone = ({
  choose,
  hint,
  folder = false,
  accept,
  disabled = false,
  onChoose,
  onDrop,
}: Props) => {
  const [over, setOver] = useState(false)
  const picker = useRef<HTMLInputElement>(null)
  useEffect(() => {
    // Preact's types do not know it as an attribute.
    if (picker.current !== null) picker.current.webkitdirectory = folder
  }, [folder])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a short cut; the button does the same by keyboard
    <div
      class={over ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        if (!disabled && event.dataTransfer !== null) onDrop(event.dataTransfer)
      }}
    >
      <button type="button" disabled={disabled} onClick={() => picker.current?.click()}>
        {choose}
      </button>{' '}
      <span class="muted">{hint}</span>
      <input
        ref={picker}
        type="file"
        hidden
        aria-label={choose}
        accept={accept}
        onChange={(event) => {
          onChoose(Array.from(event.currentTarget.files ?? []))
          event.currentTarget.value = ''
        }}
      />
    </div>
  )
}
