import { Controls } from './controls.js';
import { show } from './format.js';
import { Log } from './log.js';
import { showSecrets } from './secrets.js';
import { showTiles } from './tiles.js';
import { Timeline } from './timeline.js';

const element = (id) => document.getElementById(id);
const timeline = new Timeline(element('charts'));
const controls = new Controls(element('controls'));
const log = new Log(element('log'));

let about = {};
let state = { points: [], marks: [], secretNames: [] };

const receivers = {
  start(message) {
    about = message.about;
    const secretNames = message.now.secrets.map(({ secretName }) => secretName);
    state = { points: message.points, marks: message.marks, secretNames };
    log.clear();
    for (const note of message.notes) log.add(note);
    show('about', `${about.callers} callers use ECS and OSS of ${about.cloud}.${why(about)}`);
    controls.start(about, secretNames);
    update(message.now);
  },
  tick({ point, now }) {
    state.points = [...state.points.slice(-130), point];
    update(now);
  },
  mark({ mark }) {
    state.marks = [...state.marks.slice(-200), mark];
  },
  note({ note }) {
    log.add(note);
  },
  end() {
    source.close();
    connection('lost', 'the demo has ended');
  },
};

const source = new EventSource('stream');
source.addEventListener('open', () => connection('live', 'live'));
// It connects again by itself, and is told everything anew then.
source.addEventListener('error', () => connection('lost', 'the demo does not answer'));
source.addEventListener('message', ({ data }) => {
  const message = JSON.parse(data);
  receivers[message.type](message);
});

function update(now) {
  showTiles(now, state.points.at(-1), about);
  showSecrets(element('secrets'), now);
  controls.update(now);
  timeline.draw(state);
}

function why({ isEmulated, rotationEveryMs }) {
  if (!isEmulated) return '';
  return ` Every ${rotationEveryMs / 1000} seconds a key is replaced and the old one refused.`;
}

function connection(kind, text) {
  element('connection').dataset.state = kind;
  show('connection', text);
}
