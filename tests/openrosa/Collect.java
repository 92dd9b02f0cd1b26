import java.io.File;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.javarosa.core.model.FormDef;
import org.javarosa.core.model.FormIndex;
import org.javarosa.core.model.ValidateOutcome;
import org.javarosa.core.model.data.IAnswerData;
import org.javarosa.core.model.instance.InstanceInitializationFactory;
import org.javarosa.core.model.instance.TreeElement;
import org.javarosa.core.model.instance.TreeReference;
import org.javarosa.core.reference.Reference;
import org.javarosa.core.reference.ReferenceFactory;
import org.javarosa.core.reference.ReferenceManager;
import org.javarosa.core.services.IPropertyManager;
import org.javarosa.core.services.PropertyManager;
import org.javarosa.core.services.properties.IPropertyRules;
import org.javarosa.form.api.FormEntryController;
import org.javarosa.form.api.FormEntryModel;
import org.javarosa.form.api.FormEntryPrompt;
import org.javarosa.model.xform.XFormSerializingVisitor;
import org.javarosa.model.xform.XFormsModule;
import org.javarosa.xform.util.XFormAnswerDataParser;
import org.javarosa.xform.util.XFormUtils;

/**
 * Fills in forms with JavaRosa, the engine inside ODK Collect, walking from question to question as Collect does.
 *
 * Reads a file of lines, their fields separated by tabs and percent-encoded: "form, XForm file, folder of its lists" is
 * the form of the lines after it; "begin" a record; "say, path, value" an answer in it, "/data/members[2]/name" in the
 * second row. Rows come to be, and first rows are taken out, as the answers need. Writes a line of JSON for each record:
 * answers to what was never asked, answers refused, what validation finds, the instance.
 */
public class Collect {
    private static final String[] OUTCOMES = {"ok", "required", "constraint"};

    public static void main(String[] files) throws Exception {
        new XFormsModule().registerModule();
        PropertyManager.setPropertyManager(new Phone());
        ReferenceManager.instance().addReferenceFactory(new Lists());
        String form = "";
        Map<String, String> said = null;
        StringBuilder out = new StringBuilder();
        for (String line : Files.readAllLines(Path.of(files[0]))) {
            String[] fields = line.split("\t", -1);
            for (int i = 0; i < fields.length; i++) fields[i] = URLDecoder.decode(fields[i], StandardCharsets.UTF_8);
            switch (fields[0]) {
                case "say" -> said.put(fields[1], fields[2]);
                default -> {
                    if (said != null) out.append(told(form, said)).append('\n');
                    said = fields[0].equals("begin") ? new LinkedHashMap<>() : null;
                    if (fields[0].equals("form")) {
                        form = fields[1];
                        Lists.folder = new File(fields[2]);
                    }
                }
            }
        }
        if (said != null) out.append(told(form, said)).append('\n');
        Files.writeString(Path.of(files[1]), out);
    }

    private static String told(String form, Map<String, String> said) {
        try {
            return filled(form, said);
        } catch (Exception | StackOverflowError error) {
            return "{\"broken\":" + quoted(String.valueOf(error)) + "}";
        }
    }

    private static String filled(String file, Map<String, String> said) throws Exception {
        FormDef form;
        try (InputStream in = new FileInputStream(file)) {
            form = XFormUtils.getFormFromInputStream(in);
        }
        form.initialize(true, new InstanceInitializationFactory());
        FormEntryModel model = new FormEntryModel(form);
        FormEntryController walk = new FormEntryController(model);
        Set<String> unasked = new LinkedHashSet<>(said.keySet());
        List<String> refused = new ArrayList<>();
        walk.jumpToIndex(FormIndex.createBeginningOfFormIndex());
        int event = walk.stepToNextEvent();
        while (event != FormEntryController.EVENT_END_OF_FORM) {
            FormIndex index = model.getFormIndex();
            String path = pathOf(form, index.getReference());
            if (event == FormEntryController.EVENT_REPEAT && !spokenOf(path, said)) {
                walk.jumpToIndex(walk.deleteRepeat(index));
                event = model.getEvent();
                continue;
            }
            if (event == FormEntryController.EVENT_PROMPT_NEW_REPEAT && spokenOf(path, said)) {
                walk.newRepeat();
                event = model.getEvent();
                continue;
            }
            if (event == FormEntryController.EVENT_QUESTION && said.containsKey(path)) {
                unasked.remove(path);
                FormEntryPrompt prompt = model.getQuestionPrompt();
                String value = said.get(path);
                IAnswerData answer = value.isEmpty() ? null
                    : XFormAnswerDataParser.getAnswerData(value, prompt.getDataType(), prompt.getQuestion());
                int outcome = walk.answerQuestion(answer, true);
                if (outcome != FormEntryController.ANSWER_OK) refused.add(path + " " + OUTCOMES[outcome]);
            }
            event = walk.stepToNextEvent();
        }
        ValidateOutcome outcome = form.validate();
        String wrong = outcome == null ? ""
            : pathOf(form, outcome.failedPrompt.getReference()) + " " + OUTCOMES[outcome.outcome];
        walk.finalizeFormEntry();
        String xml = new String(new XFormSerializingVisitor().serializeInstance(form.getMainInstance()), StandardCharsets.UTF_8);
        return "{\"unasked\":" + listed(unasked) + ",\"refused\":" + listed(refused) + ",\"wrong\":" + quoted(wrong)
            + ",\"xml\":" + quoted(xml) + "}";
    }

    /** Tell whether any answer is in the row. */
    private static boolean spokenOf(String row, Map<String, String> said) {
        return said.keySet().stream().anyMatch(path -> path.startsWith(row + "/"));
    }

    /** Return the path with the number of the row after every repeat, and after nothing else. */
    private static String pathOf(FormDef form, TreeReference reference) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < reference.size(); i++) {
            path.append('/').append(reference.getName(i));
            TreeReference so_far = reference.getSubReference(i);
            TreeElement template = form.getMainInstance().getTemplatePath(so_far);
            if (template != null && template.isRepeatable()) path.append('[').append(reference.getMultiplicity(i) + 1).append(']');
        }
        return path.toString();
    }

    private static String listed(Iterable<String> texts) {
        List<String> quoted = new ArrayList<>();
        for (String text : texts) quoted.add(quoted(text));
        return "[" + String.join(",", quoted) + "]";
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (char each : text.toCharArray()) {
            if (each == '"' || each == '\\') out.append('\\').append(each);
            else if (each < ' ') out.append(String.format("\\u%04x", (int) each));
            else out.append(each);
        }
        return out.append('"').toString();
    }

    /** What a form may ask of the phone itself. */
    private static final class Phone implements IPropertyManager {
        @Override public List<String> getProperty(String name) { return List.of(getSingularProperty(name)); }
        @Override public String getSingularProperty(String name) { return "collect:" + name; }
        @Override public void setProperty(String name, String value) { }
        @Override public void setProperty(String name, List<String> values) { }
        @Override public void addRules(IPropertyRules rules) { }
        @Override public List<IPropertyRules> getRules() { return List.of(); }
    }

    /** The lists that came with the form, as Collect finds them beside it. */
    private static final class Lists implements ReferenceFactory {
        static File folder;

        @Override public boolean derives(String uri) {
            return uri.startsWith("jr://file");
        }

        @Override public Reference derive(String uri) {
            File file = new File(folder, uri.substring(uri.lastIndexOf('/') + 1));
            return new Reference() {
                @Override public boolean doesBinaryExist() { return file.exists(); }
                @Override public InputStream getStream() throws java.io.IOException { return new FileInputStream(file); }
                @Override public String getURI() { return uri; }
                @Override public String getLocalURI() { return file.getPath(); }
                @Override public boolean isReadOnly() { return true; }
                @Override public OutputStream getOutputStream() { throw new UnsupportedOperationException(); }
                @Override public void remove() { throw new UnsupportedOperationException(); }
                @Override public Reference[] probeAlternativeReferences() { return new Reference[0]; }
            };
        }

        @Override public Reference derive(String uri, String context) {
            return derive(uri);
        }
    }
}
