//! The colours of shaded numbers in files, as the page's style sheet has them: background and ink of each class.

/// Backgrounds and inks of the classes of risk, as on the page.
pub(super) const RISK: [(u32, u32); 6] = [
    (0xF3_F5_F4, 0x4C_5A_63),
    (0xFD_F0_CF, 0x3C_32_20),
    (0xFB_D3_8A, 0x3C_2A_0C),
    (0xF0_9A_4B, 0x2B_15_02),
    (0xC8_45_2B, 0xFF_FF_FF),
    (0x7A_0F_1D, 0xFF_FF_FF),
];

/// Backgrounds and inks of the classes of amounts, as on the page.
pub(super) const AMOUNT: [(u32, u32); 6] = [
    (0xF1_F5_F8, 0x24_32_3B),
    (0xD6_E5_EF, 0x1C_2C_36),
    (0xAE_CD_E1, 0x13_22_2C),
    (0x79_AE_CF, 0x0B_1A_24),
    (0x28_72_A1, 0xFF_FF_FF),
    (0x0C_4A_77, 0xFF_FF_FF),
];
