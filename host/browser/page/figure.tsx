/** A panel with a title, what stands beside it, and a button for its picture. */
import type { ComponentChildren } from 'preact';

interface FigureProps {
  /** What the style knows it by. */
  readonly kind: string;
  readonly title: string;
  readonly note?: string;
  /** Saves its picture. */
  readonly png?: () => void;
  readonly children: ComponentChildren;
}

/** Draws the frame. */
export function Figure({ kind, title, note, png, children }: FigureProps) {
  return (
    <figure class={`panel ${kind}`}>
      <figcaption>
        <h3>{title}</h3>
        {note && <span class="note">{note}</span>}
        {png && (
          <button type="button" class="quiet" onClick={png} aria-label={`PNG of ${title}`}>
            PNG
          </button>
        )}
      </figcaption>
      {children}
    </figure>
  );
}
