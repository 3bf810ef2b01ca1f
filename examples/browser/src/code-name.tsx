/** A code with its name; labels of one's own are their own names. */
export const CodeName = ({
  code,
  name,
  lang,
}: {
  readonly code: string
  readonly name: string
  readonly lang: string | undefined
}) => (
  <>
    <strong>{code}</strong>
    {name !== code && (
      <>
        {' '}
        <span lang={lang}>{name}</span>
      </>
    )}
  </>
)
