// Draws the charts of a report from its data island, moves the tile maps, filters the inputs.
// Words shown in tooltips are read from the table beside each chart, and only ever set as text.
(function () {
  'use strict';

  const language = document.documentElement.lang;
  const colours = {
    ink: '#22303a', soft: '#5d6b75', rule: '#dfe4e8', demand: '#0b5c94', places: '#b8480f',
    parts: ['#0b5c94', '#4f9bc9', '#2a8c77', '#93c47d', '#d9a520', '#c0792a', '#8a6aa8', '#9aa5ad'], unmet: '#a3161f',
  };
  const font = getComputedStyle(document.body).fontFamily;
  const drawn = [];

  function ticks(percent) {
    const format = new Intl.NumberFormat(language, percent ? { style: 'percent' } : { maximumFractionDigits: 1 });
    return (value) => format.format(value).replace(/\s/g, '');
  }

  // The lines of a tooltip: a row of the chart's own table.
  function tooltip(figure, columns) {
    const table = figure.querySelector('.numbers table');
    const headings = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
    return (index) => {
      const cells = [...table.tBodies[0].rows[index].cells];
      const box = document.createElement('div');
      const title = document.createElement('b');
      title.textContent = cells[0].textContent;
      box.append(title);
      const wanted = columns || cells.map((_, i) => i).slice(1);
      for (const i of wanted) {
        if (!cells[i].textContent) continue;
        const line = document.createElement('div');
        const name = document.createElement('span');
        const value = document.createElement('b');
        name.textContent = headings[i];
        value.textContent = cells[i].textContent;
        line.append(name, value);
        line.className = 'tip';
        box.append(line);
      }
      return box;
    };
  }

  function frame(chart, said) {
    return {
      animation: false,
      textStyle: { fontFamily: font, color: colours.ink },
      grid: { left: 8, right: 12, top: 26, bottom: 6, containLabel: true },
      tooltip: {
        trigger: 'axis', confine: true, borderColor: colours.rule, padding: [8, 12],
        textStyle: { color: colours.ink, fontSize: 13, fontFamily: font },
        axisPointer: { type: 'line', lineStyle: { color: colours.soft, type: 'dotted' } },
        formatter: (points) => said(points[0].dataIndex),
      },
      xAxis: {
        type: 'category', data: chart.years.map(String), axisTick: { show: false },
        axisLine: { lineStyle: { color: colours.soft } }, axisLabel: { color: colours.soft },
      },
      yAxis: {
        type: 'value', min: 0, splitLine: { lineStyle: { color: colours.rule } },
        axisLabel: { color: colours.soft, formatter: ticks(chart.percent) },
      },
    };
  }

  // A band between two lines: the lower one unseen, the difference stacked on it and filled.
  function band(stack, low, high, colour, opacity, step) {
    const line = { type: 'line', stack, stackStrategy: 'all', step, symbol: 'none', silent: true, lineStyle: { opacity: 0 }, emphasis: { disabled: true } };
    const between = high.map((value, i) => (value === null || low[i] === null ? null : value - low[i]));
    return [
      { ...line, data: low },
      { ...line, data: between, areaStyle: { color: colour, opacity } },
    ];
  }

  function fan(chart, figure) {
    const at = (rows, i) => rows.map((row) => row[i]);
    const option = frame(chart, tooltip(figure, chart.said));
    if (chart.signed) option.yAxis.min = null;
    if (chart.high) Object.assign(option.yAxis, { min: null, scale: true });
    const d = (i) => at(chart.demand, i);
    option.series = [
      ...band('outer', d(0), d(6), colours.demand, 0.13),
      ...band('middle', d(1), d(5), colours.demand, 0.16),
      ...band('inner', d(2), d(4), colours.demand, 0.24),
      { type: 'line', data: d(3), symbol: 'none', lineStyle: { color: colours.demand, width: 2.5 }, itemStyle: { color: colours.demand }, emphasis: { disabled: true }, z: 5 },
    ];
    if (chart.places.length > 0) {
      const p = (i) => at(chart.places, i);
      option.series.push(
        ...band('places', p(0), p(2), colours.places, 0.18, 'middle'),
        { type: 'line', data: p(1), step: 'middle', symbol: 'none', lineStyle: { color: colours.places, width: 2.5, type: [7, 3] }, itemStyle: { color: colours.places }, emphasis: { disabled: true }, z: 6 },
      );
    }
    option.series[0].markLine = {
      silent: true, symbol: 'none', z: 1,
      lineStyle: { color: colours.soft, type: 'dotted', width: 1 },
      label: { position: 'end', distance: 4, color: colours.ink, fontSize: 12, fontWeight: 'bold', formatter: (line) => line.name },
      data: chart.openings.map(([mark, index]) => ({ name: mark, xAxis: index })),
    };
    return option;
  }

  function stack(chart, figure) {
    const option = frame(chart, tooltip(figure, null));
    option.legend = { show: false };
    let hue = 0;
    option.series = chart.parts.map((values, i) => ({
      type: 'bar', name: `part-${i}`, stack: 'all', data: values, barCategoryGap: '28%', emphasis: { disabled: true },
      itemStyle: {
        color: chart.unmet[i] ? colours.unmet : colours.parts[hue++ % colours.parts.length], borderColor: '#fff', borderWidth: 0.5,
        // Hatched, so that those without a place are told apart without colour.
        ...(chart.unmet[i] ? { decal: { color: '#d8707a', dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4 } } : {}),
      },
    }));
    return option;
  }

  // Entries of a stack's legend become buttons that take a part out of the picture, so that small parts can be seen.
  function toggles(figure, picture) {
    [...figure.querySelectorAll('.legend li')].forEach((entry, i) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.setAttribute('aria-pressed', 'true');
      button.append(...entry.childNodes);
      entry.append(button);
      button.addEventListener('click', () => {
        const shown = button.getAttribute('aria-pressed') !== 'true';
        button.setAttribute('aria-pressed', String(shown));
        picture.dispatchAction({ type: shown ? 'legendSelect' : 'legendUnSelect', name: `part-${i}` });
      });
    });
  }

  function pyramid(chart, figure) {
    const said = tooltip(figure, null);
    const option = frame({ years: chart.ages, percent: false }, (index) => said(chart.ages.length - 1 - index));
    const most = Math.max(1, ...chart.men.flat(), ...chart.women.flat());
    const power = 10 ** Math.floor(Math.log10(most));
    const largest = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].map((n) => n * power).find((n) => n >= most);
    const tick = ticks(false);
    option.xAxis = {
      type: 'value', min: -largest, max: largest, interval: largest / 2, splitLine: { lineStyle: { color: colours.rule } },
      axisLabel: { color: colours.soft, formatter: (value) => tick(Math.abs(value)) },
    };
    option.yAxis = {
      type: 'category', data: chart.ages, axisTick: { show: false }, axisLine: { show: false },
      axisLabel: { color: colours.soft, fontSize: 11 },
    };
    option.grid.top = 6;
    option.grid.right = 30;
    option.tooltip.axisPointer = { type: 'shadow', shadowStyle: { opacity: 0.08 } };
    const last = chart.men.length - 1;
    const bar = (values, colour, i) => ({
      type: 'bar', data: values, barGap: '-100%', barCategoryGap: '14%', z: i === last ? 2 : 3, emphasis: { disabled: true },
      itemStyle: i === last ? { color: colour } : { color: 'transparent', borderColor: colours.ink, borderWidth: 1.2 },
    });
    option.series = [];
    for (let i = last; i >= 0; i -= 1) {
      option.series.push(bar(chart.men[i].map((v) => -v), '#5b9bc4', i), bar(chart.women[i], '#dd9a5c', i));
    }
    return option;
  }

  const kinds = { fan, stack, pyramid };

  const waiting = new Set(JSON.parse(document.getElementById('report-data').textContent));

  // Draws the charts that are not folded away and not drawn yet.
  function draw() {
    for (const chart of waiting) {
      const figure = document.getElementById(chart.id);
      if (figure.closest('details:not([open])')) continue;
      waiting.delete(chart);
      const box = figure.querySelector('.chart');
      figure.classList.toggle('wide', chart.kind === 'pyramid');
      if (chart.kind === 'pyramid') box.style.height = `${Math.max(300, 17 * chart.ages.length + 40)}px`;
      const picture = echarts.init(box, null, { renderer: 'svg' });
      picture.setOption(kinds[chart.kind](chart, figure));
      drawn.push(picture);
      if (chart.kind === 'stack') toggles(figure, picture);
      new ResizeObserver(() => { if (box.clientWidth > 0) picture.resize(); }).observe(box);
    }
  }

  // Parts of a section: links unfold what they lead to, a button unfolds all.
  function fold() {
    for (const part of document.querySelectorAll('details.part')) part.addEventListener('toggle', draw);
    const follow = () => {
      const target = document.getElementById(location.hash.slice(1));
      if (!target || !target.matches('details.part')) return;
      target.open = true;
      draw();
      target.scrollIntoView();
    };
    window.addEventListener('hashchange', follow);
    follow();
    for (const button of document.querySelectorAll('.unfold button')) {
      const words = [button.textContent, button.dataset.fold];
      button.addEventListener('click', () => {
        const open = button.textContent === words[0];
        for (const part of button.closest('section').querySelectorAll('details.part')) part.open = open;
        button.textContent = words[open ? 1 : 0];
        draw();
      });
    }
  }

  function moveMaps() {
    for (const map of document.querySelectorAll('figure.map')) {
      const slider = map.querySelector('input[type=range]');
      if (!slider) continue;
      const table = map.querySelector('.numbers table');
      const output = map.querySelector('output');
      const tiles = [...map.querySelectorAll('.tile')];
      const areas = [...map.querySelectorAll('.area')];
      const values = [...map.querySelectorAll('.drawing .value')];
      slider.addEventListener('input', () => {
        const column = Number(slider.value) + 1;
        const moment = table.tHead.rows[0].cells[column].textContent;
        output.textContent = moment;
        slider.setAttribute('aria-valuetext', moment);
        tiles.forEach((tile, i) => {
          const cell = table.tBodies[0].rows[i].cells[column];
          tile.querySelector('b').textContent = cell.textContent;
          tile.className = cell.className.replace(/^n\b/, 'tile');
        });
        areas.forEach((area, i) => {
          const row = table.tBodies[0].rows[i];
          area.setAttribute('class', row.cells[column].className.replace(/^n\b/, 'area'));
          area.querySelector('title').textContent = `${row.cells[0].textContent} ${row.cells[column].textContent}`;
          if (values[i]) values[i].textContent = row.cells[column].textContent;
        });
      });
    }
  }

  function filterInputs() {
    for (const figure of document.querySelectorAll('figure.inputs')) {
      const buttons = [...figure.querySelectorAll('.filter button')];
      for (const button of buttons) {
        button.addEventListener('click', () => {
          for (const other of buttons) other.setAttribute('aria-pressed', String(other === button));
          for (const row of figure.querySelectorAll('tbody tr')) {
            row.hidden = button.dataset.status !== '' && row.dataset.status !== button.dataset.status;
          }
        });
      }
    }
  }

  function followReader() {
    const links = new Map([...document.querySelectorAll('.toc > ol > li > a')].map((a) => [a.getAttribute('href').slice(1), a]));
    const seen = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        for (const link of links.values()) link.removeAttribute('aria-current');
        links.get(entry.target.id).setAttribute('aria-current', 'true');
      }
    }, { rootMargin: '-15% 0px -75% 0px' });
    for (const section of document.querySelectorAll('main > section')) seen.observe(section);
  }

  // Paper: every stage is unfolded; tables to look things up in and methods are printed if the reader unfolded them. Charts
  // stand two to a row, the pyramid alone.
  function print() {
    let opened = [];
    window.addEventListener('beforeprint', () => {
      opened = [...document.querySelectorAll('details.part:not([open])')];
      for (const details of opened) details.open = true;
      draw();
      for (const picture of drawn) {
        const tall = parseInt(picture.getDom().style.height, 10);
        picture.resize(tall ? { width: 640, height: tall } : { width: 305, height: 215 });
        // Paper does not wait for the next frame.
        picture.getZr().flush();
      }
    });
    window.addEventListener('afterprint', () => {
      for (const details of opened) details.open = false;
      for (const picture of drawn) picture.resize({ width: 'auto', height: 'auto' });
    });
  }

  // What a table says, as fields of text; what a spreadsheet would compute is kept as text.
  function rowsOf(table) {
    const plain = (cell) => {
      const text = cell.textContent.trim().replace(/\s+/g, ' ');
      return /^[=+@-]/.test(text) ? `'${text}` : text.replace(/^\u2212/, '-');
    };
    return [...table.rows].filter((row) => !row.hidden).map((row) => [...row.cells].map(plain));
  }

  function save(name, type, text) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  // Every table can be saved or copied, every drawn chart saved.
  function tools() {
    const said = document.getElementById('main').dataset;
    for (const figure of document.querySelectorAll('main figure')) {
      const table = figure.querySelector('table');
      const caption = figure.querySelector('figcaption b');
      if (!table || !caption) continue;
      const name = caption.textContent.replace(/[\\/:*?"<>|]/g, ' ').slice(0, 80);
      const line = document.createElement('p');
      line.className = 'tools';
      const offer = (words, act) => {
        const button = document.createElement('button');
        button.type = 'button';
        button.textContent = words;
        button.setAttribute('aria-label', `${words}: ${caption.textContent}`);
        button.addEventListener('click', () => act(button));
        line.append(button);
      };
      offer('CSV', () => {
        const field = (text) => `"${text.replace(/"/g, '""')}"`;
        save(`${name}.csv`, 'text/csv', `\ufeff${rowsOf(table).map((row) => row.map(field).join(',')).join('\r\n')}`);
      });
      if (figure.querySelector('.chart')) {
        offer('SVG', () => {
          const drawing = figure.querySelector('.chart svg');
          if (drawing) save(`${name}.svg`, 'image/svg+xml', new XMLSerializer().serializeToString(drawing));
        });
      }
      if (navigator.clipboard) {
        offer(said.copy, (button) => {
          navigator.clipboard.writeText(rowsOf(table).map((row) => row.join('\t')).join('\n')).then(() => {
            button.textContent = said.copied;
            setTimeout(() => { button.textContent = said.copy; }, 1500);
          });
        });
      }
      figure.append(line);
    }
  }

  // An area that is clicked stays in every table by area, beside the district; the others come back by a button.
  function filterAreas() {
    const said = document.getElementById('main').dataset;
    const tables = [...document.querySelectorAll('main table')].filter((table) => table.tHead && table.tHead.rows[0].cells[0].textContent.trim() === said.area);
    const back = document.createElement('button');
    back.type = 'button';
    back.className = 'all-areas';
    back.hidden = true;
    const choose = (area) => {
      back.hidden = area === null;
      back.textContent = area === null ? '' : `${area} · ${said.all}`;
      for (const table of tables) {
        for (const row of table.tBodies[0].rows) {
          const own = row.classList.contains('whole') || row.cells[0].textContent.trim() === area;
          row.hidden = area !== null && !own;
        }
      }
      for (const tile of document.querySelectorAll('.tile')) {
        tile.classList.toggle('dim', area !== null && tile.querySelector('span').textContent.trim() !== area);
      }
    };
    back.addEventListener('click', () => choose(null));
    document.getElementById('main').append(back);
    for (const table of tables) {
      for (const row of table.tBodies[0].rows) {
        if (row.classList.contains('whole')) continue;
        const button = document.createElement('button');
        button.type = 'button';
        button.className = 'area-name';
        button.append(...row.cells[0].childNodes);
        row.cells[0].append(button);
        button.addEventListener('click', () => choose(button.textContent.trim()));
      }
    }
  }

  document.documentElement.classList.add('script');
  draw();
  tools();
  filterAreas();
  fold();
  moveMaps();
  filterInputs();
  followReader();
  print();
})();
