/** Where the page begins. */
import { render } from 'preact';
import { App } from './page/app.tsx';
import { makeLab } from './page/lab.ts';

const theme = localStorage.getItem('theme');
if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;

const place = document.getElementById('lab');
if (place) {
  const lab = await makeLab();
  place.replaceChildren();
  render(<App lab={lab} />, place);
}

// Where there are none, as on a server without TLS, the page works all the same, with a network.
if ('serviceWorker' in navigator)
  navigator.serviceWorker.register('service-worker.js').catch((error: unknown) => console.warn(error));
