/** Settings, Prices: the table that costs are estimated with, and what a person made of it. */
import { useRef, useState } from 'react';
import { FileDown, FileUp, Plus, RotateCcw, Search } from 'lucide-react';
import type { PriceSheet, PriceTable } from '#shared/prices.ts';
import { parseDate, priceEdits } from '#shared/prices.ts';
import { toAppError } from '#shared/result.ts';
import { bridge } from '../../../data/bridge.ts';
import { assumeAnswer, engine, useEngine } from '../../../data/engine.ts';
import { notify, notifyError } from '../../../state/notices.ts';
import { Button } from '../../../widgets/button.tsx';
import { Dialog } from '../../../widgets/dialog.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import type { GridRow, PriceField } from './price-cells.ts';
import { addRow, editCell, gridRows, localToday, readPriceFile, removeRow, replaceRow } from './price-cells.ts';
import { PriceGrid, type Cell } from './price-grid.tsx';
import styles from './prices.module.css';

const LARGEST_FILE = 5_000_000;
const UNPRICED_SHOWN = 8;

export function PriceSection({ readOnly }: { readonly readOnly: boolean }) {
  const sheet = useEngine('prices.get', undefined);
  if (!sheet.data) return null;
  return <Prices sheet={sheet.data} readOnly={readOnly} />;
}

function Prices({ sheet, readOnly }: { readonly sheet: PriceSheet; readonly readOnly: boolean }) {
  const [search, setSearch] = useState('');
  const [active, setActive] = useState<Cell>({ row: 0, column: 0 });
  const [resetting, setResetting] = useState(false);
  const [model, setModel] = useState('');
  const file = useRef<HTMLInputElement>(null);
  const rows = gridRows(sheet, search);
  const today = localToday(new Date());

  async function save(table: PriceTable | null): Promise<void> {
    const overrides = table === null ? null : priceEdits(sheet.shipped, table);
    assumeAnswer('prices.get', undefined, { ...sheet, table: table ?? sheet.shipped, overrides });
    try {
      assumeAnswer('prices.get', undefined, await engine.call('prices.set', { overrides }));
    } catch (cause) {
      assumeAnswer('prices.get', undefined, sheet);
      notifyError('Prices', toAppError(cause));
    }
  }

  function edit({ key, row }: GridRow, field: PriceField, text: string): string | null {
    const edited = editCell(row, field, text, today);
    if (!edited.ok) return edited.error;
    const table = replaceRow(sheet.table, key, edited.value);
    if (!table.ok) return table.error;
    void save(table.value);
    return null;
  }

  function add(name: string): void {
    const added = addRow(sheet.table, name, today);
    if (!added.ok) {
      notify({ tone: 'error', title: added.error });
      return;
    }
    void save(added.value.table);
    setModel('');
    setSearch('');
    setActive({ row: added.value.table.rows.length - 1, column: 2 });
  }

  async function importFile(chosen: File | undefined): Promise<void> {
    if (!chosen) return;
    const read = chosen.size > LARGEST_FILE ? null : readPriceFile(await chosen.text());
    if (read?.ok) {
      await save(read.value);
      notify({ tone: 'ok', title: `${formatCount(read.value.rows.length)} prices of ${read.value.asOf} are in use.` });
    } else notify({ tone: 'error', title: `${chosen.name}: ${read?.error ?? 'The file is too large.'}` });
  }

  async function exportFile(): Promise<void> {
    const path = await bridge.chooseSavePath('prices.json');
    if (path === null) return;
    try {
      await engine.call('prices.export', { path });
      notify({ tone: 'ok', title: `The price table was written to ${path}.` });
    } catch (cause) {
      notifyError('Prices', toAppError(cause));
    }
  }

  return (
    <section className={styles.section} aria-label="Prices">
      <div className={styles.head}>
        <h2>Prices</h2>
        <label className={styles.date}>
          Price table of
          <input
            type="date"
            aria-label="Date of the price table"
            value={sheet.table.asOf}
            disabled={readOnly}
            onChange={(event) => {
              const asOf = parseDate(event.target.value);
              if (asOf !== null) void save({ ...sheet.table, asOf });
            }}
          />
        </label>
      </div>
      <p className={styles.explain}>
        Where a source states no cost, it is estimated: tokens × these list prices, in USD per million tokens, and
        marked with ≈. Prices change, and those that ship with the app were not compared with the vendors' pages: check
        the models that you use. Discounts, batch tiers and regional surcharges are not included. A model without a row
        has no estimate. Edits are kept in this workspace.
      </p>
      <Unpriced readOnly={readOnly} onAdd={add} />
      <div className={styles.tools}>
        <label className={styles.search}>
          <Search size={13} aria-hidden />
          <input
            type="search"
            placeholder="Search models"
            aria-label="Search prices"
            value={search}
            onChange={(event) => {
              setSearch(event.target.value);
              setActive({ row: 0, column: 0 });
            }}
          />
        </label>
        <span className={styles.count}>
          {rows.length === sheet.table.rows.length ? '' : `${formatCount(rows.length)} of `}
          {formatCount(sheet.table.rows.length)} prices
        </span>
        <span className={styles.end}>
          <Button icon={<FileUp size={13} aria-hidden />} disabled={readOnly} onClick={() => file.current?.click()}>
            Import…
          </Button>
          <Button icon={<FileDown size={13} aria-hidden />} onClick={() => void exportFile()}>
            Export…
          </Button>
          <Button
            icon={<RotateCcw size={13} aria-hidden />}
            disabled={readOnly || sheet.overrides === null}
            onClick={() => setResetting(true)}
          >
            Reset…
          </Button>
        </span>
        <input
          ref={file}
          type="file"
          accept=".json,application/json"
          className="visually-hidden"
          tabIndex={-1}
          aria-label="Price table file"
          onChange={(event) => {
            void importFile(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
      </div>
      <PriceGrid
        rows={rows}
        active={{ ...active, row: Math.min(active.row, Math.max(0, rows.length - 1)) }}
        onActive={setActive}
        onEdit={edit}
        onRemove={({ key }) => void save(removeRow(sheet.table, key))}
        readOnly={readOnly}
      />
      <form
        className={styles.add}
        onSubmit={(event) => {
          event.preventDefault();
          add(model);
        }}
      >
        <input
          type="text"
          className={styles.model}
          placeholder="Model id or pattern, such as my-model-*"
          aria-label="Model of the new price"
          value={model}
          disabled={readOnly}
          spellCheck={false}
          onChange={(event) => setModel(event.target.value)}
        />
        <Button type="submit" icon={<Plus size={13} aria-hidden />} disabled={readOnly || model.trim() === ''}>
          Add a price
        </Button>
        <span className={styles.keys}>Enter edits a cell, Delete removes its row.</span>
      </form>
      <Dialog
        open={resetting}
        onClose={() => setResetting(false)}
        title="Reset prices"
        actions={
          <>
            <Button onClick={() => setResetting(false)}>Cancel</Button>
            <Button
              variant="danger"
              onClick={() => {
                setResetting(false);
                void save(null);
              }}
            >
              Reset
            </Button>
          </>
        }
      >
        <p>
          All your edits of prices in this workspace go, and the shipped table of {sheet.shipped.asOf} is used again.
          Export first to keep them.
        </p>
      </Dialog>
    </section>
  );
}

/** Models that are in the workspace and not in the table, each one click away from a row. */
function Unpriced({ readOnly, onAdd }: { readonly readOnly: boolean; readonly onAdd: (model: string) => void }) {
  const { data } = useEngine('prices.unpriced', { limit: UNPRICED_SHOWN });
  if (!data || data.length === 0) return null;
  return (
    <p className={styles.unpriced}>
      In your traces without a price:
      {data.map(({ model, traces }) => (
        <button
          key={model}
          type="button"
          className={styles.missing}
          disabled={readOnly}
          title={`Add a price for ${model.slice(0, 200)}, which is in ${formatCount(traces)} ${traces === 1 ? 'trace' : 'traces'}`}
          onClick={() => onAdd(model)}
        >
          <Plus size={11} aria-hidden />
          {visibleString(model.slice(0, 60))}
        </button>
      ))}
    </p>
  );
}
