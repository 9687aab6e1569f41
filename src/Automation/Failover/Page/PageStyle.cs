namespace Automation.Failover.Page;

/// <summary>The look of the page. Colours of errors stay apart for people who do not tell red from green; every one is named in the legend too.</summary>
internal static class PageStyle
{
    public const string Css = """
        <style>
        :root{--bg:#f4f5f7;--card:#fff;--ink:#1c2430;--faint:#667085;--line:#e2e6ec;--before:#eef1f5;
          --ok:#8fd3b0;--silent:#303a52;--refused:#e8743b;--cut:#c62f4b;--dns:#8a5cd1;--stopping:#e58fb1;--starting:#f2b632;--readonly:#2f7fd6;--warned:#8a7a1f;--other:#8d96a5;
          --passed:#157f4f;--failed:#bb2038;--void:#5d6676;--accent:#2f5fd0}
        @media (prefers-color-scheme:dark){:root{--bg:#12161d;--card:#1b212b;--ink:#e6eaf1;--faint:#98a3b5;--line:#303847;--before:#232a36;
          --ok:#2f8f62;--silent:#aab4c8;--refused:#f08a55;--cut:#ea5570;--dns:#ab86e6;--stopping:#eda6c2;--starting:#f4c65c;--readonly:#5aa2ee;--warned:#c9b54a;--other:#7e8898;
          --passed:#1d7d52;--failed:#b52a41;--void:#545d6d;--accent:#7fa3f5}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
        main{max-width:1120px;margin:0 auto;padding:24px 16px 48px}
        header{display:flex;gap:22px;align-items:center;padding:22px 26px;border-radius:14px;color:#fff;background:var(--void)}
        header.passed{background:var(--passed)}header.failed{background:var(--failed)}
        header h1{margin:0;font-size:26px;line-height:1.2;overflow-wrap:anywhere}header p{margin:4px 0 0}header .facts{opacity:.85;font-size:13px}
        .verdict{font-size:22px;font-weight:800;letter-spacing:.08em;text-transform:uppercase;border:3px solid #fff;border-radius:10px;padding:6px 16px}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(180px,1fr));gap:12px;margin:14px 0}
        .tile,section{background:var(--card);border:1px solid var(--line);border-radius:12px}
        .tile{padding:14px 18px;display:flex;flex-direction:column}.tile b{font-size:30px;line-height:1.25;font-variant-numeric:tabular-nums}
        .tile span{color:var(--faint);font-size:13px}.tile small{color:var(--faint);font-size:12.5px}
        section{padding:18px 22px;margin:14px 0}h2{margin:0 0 10px;font-size:18px}h3{margin:20px 0 4px;font-size:13px;font-weight:600;color:var(--faint)}
        svg{display:block;width:100%;height:auto;overflow:visible}
        svg text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:var(--ink)}
        svg .lane{font-weight:600}svg .operation{text-anchor:end;font-size:11px;fill:var(--faint)}
        svg .tick{text-anchor:middle;font-size:11px;fill:var(--faint)}svg .figure{font-weight:600;font-variant-numeric:tabular-nums}
        svg .faint{font-weight:400;fill:var(--faint);font-size:11px}
        .before{fill:var(--before)}.grid,.base{stroke:var(--line)}.limit{stroke:var(--faint);stroke-dasharray:1 4}
        .bar{fill:none;stroke-width:13}.slow{fill:none;stroke:var(--accent);stroke-width:1.02}
        path.ok{stroke:var(--ok)}path.silent{stroke:var(--silent)}path.refused{stroke:var(--refused)}path.cut{stroke:var(--cut)}path.dns{stroke:var(--dns)}
        path.stopping{stroke:var(--stopping)}path.starting{stroke:var(--starting)}path.readonly{stroke:var(--readonly)}path.warned{stroke:var(--warned)}path.other{stroke:var(--other)}
        i.ok{background:var(--ok)}i.silent{background:var(--silent)}i.refused{background:var(--refused)}i.cut{background:var(--cut)}i.dns{background:var(--dns)}
        i.stopping{background:var(--stopping)}i.starting{background:var(--starting)}i.readonly{background:var(--readonly)}i.warned{background:var(--warned)}i.other{background:var(--other)}
        .mark path{stroke:var(--ink);stroke-width:1;opacity:.55}.mark rect{fill:var(--ink)}.mark text{text-anchor:middle;font-size:10px;font-weight:700;fill:var(--card)}
        .mark.call path{stroke:var(--accent);stroke-width:2;opacity:1}.mark.call rect{fill:var(--accent)}
        .mark.told path{stroke-dasharray:4 3}.mark.told rect{fill:var(--card);stroke:var(--ink)}.mark.told text{fill:var(--ink)}
        .new{fill:var(--card);stroke:var(--ink);stroke-width:1.5}
        .legend{display:flex;flex-wrap:wrap;gap:4px 18px;margin:0 0 8px;font-size:13px;color:var(--faint)}.legend span,.chip{display:inline-flex;align-items:center;gap:6px}
        .legend i,.chip i{width:12px;height:12px;border-radius:3px;flex:none}.legend i.diamond{width:10px;height:10px;border-radius:0;border:1.5px solid var(--ink);transform:rotate(45deg)}
        .chip{margin:0 12px 0 0;white-space:nowrap}
        .number{display:inline-block;min-width:19px;padding:0 4px;border:1px solid var(--ink);border-radius:10px;background:var(--ink);color:var(--card);font-size:11px;line-height:17px;text-align:center}
        .number.told,.number.outside{background:none;color:var(--ink)}.number.outside{border-color:transparent}
        table{width:100%;border-collapse:collapse;font-size:14px}table.narrow{width:auto}
        th{text-align:left;font-size:12px;font-weight:600;color:var(--faint)}th,td{padding:6px 12px 6px 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
        tbody tr:last-child td{border-bottom:0}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}td.n:first-child,th.n:first-child{width:1%}
        .faint{color:var(--faint)}p.faint{font-size:13px;margin:10px 0 0}.good{color:var(--passed);width:1%}.bad{color:var(--failed);font-weight:700}
        .tag{font-size:11px;color:var(--faint);border:1px solid var(--line);border-radius:8px;padding:1px 7px;white-space:nowrap}
        ul{margin:0;padding-left:20px}li{margin:4px 0}code{font:13px ui-monospace,SFMono-Regular,Menlo,monospace}
        @media (max-width:640px){header{flex-direction:column;align-items:flex-start}section{overflow-x:auto}section svg{min-width:720px}}
        @media print{@page{size:A4 landscape;margin:10mm}:root{--bg:#fff}body{font-size:12px}main{max-width:none;padding:0}
          *{-webkit-print-color-adjust:exact;print-color-adjust:exact}section,.tile,tr{break-inside:avoid}}
        </style>
        """;
}
