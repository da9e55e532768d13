package io.deeplog.detect.value;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeplog.UserException;
import io.deeplog.nn.KeyLstm;
import io.deeplog.nn.ValueLstm;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The stored value model of a template: a row of a table.
 *
 * @param templateId of the template
 * @param template its text, null where it is not known
 * @param series id of the first template of its series, its own where it is alone
 * @param columns as JSON
 * @param network bytes, null without one
 * @param note what was not learned and why, null for nothing
 */
record TemplateValues(
    String templateId, String template, String series, String columns, byte[] network, String note)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final ObjectMapper JSON = new ObjectMapper();

  static final StructType SCHEMA =
      new StructType()
          .add("template_id", DataTypes.StringType)
          .add("template", DataTypes.StringType)
          .add("series", DataTypes.StringType)
          .add("columns", DataTypes.StringType)
          .add("network", DataTypes.BinaryType)
          .add("note", DataTypes.StringType);

  static TemplateValues of(Row row) {
    return new TemplateValues(
        row.getString(0),
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.<byte[]>getAs(4),
        row.getString(5));
  }

  Row row() {
    return RowFactory.create(templateId, template, series, columns, network, note);
  }

  /** The model to judge with. */
  ValueModel model(int history) {
    try {
      return new ValueModel(
          TemplateText.of(template),
          List.of(JSON.readValue(columns, ValueColumn[].class)),
          history,
          network == null ? null : ValueLstm.forward(KeyLstm.fromBytes(network, false)));
    } catch (JsonProcessingException e) {
      throw UserException.input(
          "the value model of template " + templateId + " cannot be read: " + e.getMessage(), e);
    }
  }
}
