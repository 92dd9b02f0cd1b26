/** A small visit, as pyxform writes one: a default of each sort, a group, rows, every type of answer. */
export const VISIT = `<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa">
<h:head><h:title>走访</h:title><model>
<instance><data id="visit" version="1"><outcome/><since>2020-01-01</since>
<members jr:template=""><person/><name/><presence/><temperature/><symptoms/><away_where/><found/></members>
<members><person/><name/><presence/><temperature/><symptoms/><away_where/><found/></members>
<found_count/><more><seen/><place/><heads/></more><sure/><note/><meta><instanceID/></meta></data></instance>
<bind nodeset="/data/outcome" type="string" required="true()"/>
<bind nodeset="/data/since" type="date" required="true()" relevant=" /data/outcome = 'at_home'"/>
<bind nodeset="/data/members" relevant=" /data/outcome = 'at_home'"/>
<bind nodeset="/data/members/person" type="string" readonly="true()"/>
<bind nodeset="/data/members/name" type="string" required="true()"/>
<bind nodeset="/data/members/presence" type="string" required="true()"/>
<bind nodeset="/data/members/temperature" type="decimal" relevant=" ../presence = 'present'" constraint=". &gt;= 34 and . &lt;= 43"/>
<bind nodeset="/data/members/symptoms" type="string" relevant=" ../presence = 'present'" constraint="count-selected(.) &lt; 3"/>
<bind nodeset="/data/members/away_where" type="string" required="true()" relevant=" ../presence = 'away'"/>
<bind nodeset="/data/members/found" type="string" calculate="if( ../presence = 'present', 1, 0)"/>
<bind nodeset="/data/found_count" type="string" calculate="if(count-non-empty( /data/members/found ) &gt; 0, sum( /data/members/found ), 0)"/>
<bind nodeset="/data/more/seen" type="dateTime"/>
<bind nodeset="/data/more/place" type="geopoint"/>
<bind nodeset="/data/more/heads" type="int"/>
<setvalue ref="/data/more/heads" event="odk-instance-first-load" value="1 + 2"/>
<bind nodeset="/data/sure" type="string"/>
<bind nodeset="/data/note" type="string"/>
<bind nodeset="/data/meta/instanceID" type="string" readonly="true()" jr:preload="uid"/>
</model></h:head>
<h:body>
<select1 ref="/data/outcome"><label>结果</label><item><label>在家</label><value>at_home</value></item><item><label>拒访</label><value>refused</value></item></select1>
<input ref="/data/since"><label>起算日</label></input>
<group ref="/data/members"><label>家里的每个人</label><repeat nodeset="/data/members">
<input ref="/data/members/person" appearance="hidden"><label>人员编号</label></input>
<input ref="/data/members/name"><label>姓名</label></input>
<select1 ref="/data/members/presence"><label>人在哪里</label><item><label>在家</label><value>present</value></item><item><label>外出</label><value>away</value></item></select1>
<input ref="/data/members/temperature"><label>体温</label></input>
<select ref="/data/members/symptoms"><label>症状</label><item><label>没有</label><value>none</value></item><item><label>发热</label><value>fever</value></item></select>
<input ref="/data/members/away_where"><label>去了哪里</label></input>
</repeat></group>
<group ref="/data/more"><label>其他</label>
<input ref="/data/more/seen"><label>时间</label></input>
<input ref="/data/more/place"><label>位置</label></input>
<input ref="/data/more/heads"><label>人数</label></input></group>
<trigger ref="/data/sure"><label>确认</label></trigger>
<input ref="/data/note"><label>备注</label></input>
</h:body></h:html>`;
