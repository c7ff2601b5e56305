/** Entry of the page: opens the bridge, makes the state, shows the screens. */

import './styles.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { openBridge } from './bridge/open-bridge.ts';
import { SessionState } from './state/session-state.svelte.ts';

const target = document.getElementById('app');
if (target !== null) {
  const session = new SessionState(openBridge());
  session.start();
  mount(App, { target, props: { session } });
}
