/** A part of the page that is fetched when it is first looked at. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** Draws it once it is there. Another one needs another key. @param fetch gives the component that draws it */
export function Fetched<P extends object>({
  fetch,
  with: given,
}: {
  readonly fetch: () => Promise<ComponentType<P>>;
  readonly with: P;
}) {
  const [found, setFound] = useState<{ Drawn: ComponentType<P> } | { wrong: string }>();
  useEffect(() => {
    fetch().then(
      (Drawn) => setFound({ Drawn }),
      ({ message }: Error) => setFound({ wrong: `this part of the page cannot be loaded: ${message}` }),
    );
  }, []);
  if (found === undefined) return <p class="wait">Loading</p>;
  if ('Drawn' in found) return <found.Drawn {...given} />;
  return (
    <p class="wait" role="alert">
      {found.wrong}
    </p>
  );
}
