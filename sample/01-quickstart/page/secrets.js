import { span } from './format.js';

/** The rows of status(). */
export function showSecrets(body, { secrets, now }) {
  body.replaceChildren(...secrets.flatMap((secret) => rowsOf(secret, now)));
}

function rowsOf({ secretName, state, accessKeyId, versionId, fetchedAt, nextRefreshAt, lastErrorCode }, now) {
  const name = cell('th', secretName);
  name.scope = 'row';
  const badge = document.createElement('span');
  badge.className = 'state';
  badge.dataset.state = state;
  badge.textContent = state;
  const stateCell = cell('td', '');
  stateCell.append(badge);
  const key = cell('td', accessKeyId ?? 'none');
  key.className = 'key';
  const next = cell('td', nextRefreshAt === undefined ? 'never' : `in ${span(nextRefreshAt - now)}`);
  const row = document.createElement('tr');
  row.dataset.secret = secretName;
  row.append(name, stateCell, key, next);

  const detail = document.createElement('tr');
  detail.className = 'detail';
  const text = cell(
    'td',
    [
      `version ${versionId?.slice(0, 8) ?? 'none'}`,
      fetchedAt === undefined ? 'never fetched' : `fetched ${span(now - fetchedAt)} ago`,
      lastErrorCode === undefined ? 'no error' : `last error ${lastErrorCode}`,
    ].join(' · '),
  );
  text.colSpan = 4;
  detail.append(text);
  return [row, detail];
}

function cell(name, text) {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}
