namespace StageX.Build;

/// <summary>
/// The codes that errors and warnings carry, one range per room, each room's in a file of its own folder:
/// SX1xxx definitions, SX2xxx sources, SX3xxx Containerfiles, SX4xxx engines, SX5xxx images, SX6xxx reproducibility,
/// SX7xxx bootstrap, SX8xxx at work, SX90xx trust, SX95xx registries.
/// <c>sdk/README.md</c> lists each with cause and cure; a test holds the two together.
/// </summary>
public static partial class ErrorCode;
